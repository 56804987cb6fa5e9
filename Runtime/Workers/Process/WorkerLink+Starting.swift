import CSandbox
import Glibc
import NIOCore
import NIOPosix
import WireProtocol

// From the order for a process to the word that its worker is ready.
extension WorkerLink {
    /// Makes the socket, says SETUP into it, and orders the process: it finds the frame when it looks.
    func launch() {
        let ends: (ours: Int32, theirs: Int32)
        do throws(SpawnFailure) {
            ends = try prepare()
        } catch let failure {
            // A launch may happen within `invoke`, and no answer may come before that has returned.
            port.eventLoop.execute { self.noProcess(failure) }
            return
        }
        socket.descriptor = ends.ours
        ClientBootstrap(group: port.eventLoop)
            .channelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: Self.chunk)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(self) }
            }
            .withConnectedSocket(ends.ours)
            .whenFailure { _ in self.socketEnded() }
        pool.host.spawner.spawn(
            SpawnOrder(
                token: token, specification: pool.specification, number: key.number, socket: ends.theirs, owner: self))
    }

    /// The ends of a socket in which SETUP and the shared memory wait for the worker, or SETUP alone where the system shares
    /// none.
    private func prepare() throws(SpawnFailure) -> (ours: Int32, theirs: Int32) {
        var ends: (ours: Int32, theirs: Int32) = (-1, -1)
        let failure = swiftlet_socket_pair(&ends.ours, &ends.theirs)
        guard failure == 0 else { throw SpawnFailure(.preparation, -failure) }
        do throws(SpawnFailure) {
            let memory = try SharedMemory(size: link.settings.linkWindow)
            out = setup(sharing: memory.outgoing.count)
            out.consume(try memory.hand(over: ends.ours, with: out))
            self.memory = memory
        } catch {
            out = setup(sharing: 0)
            pool.host.observer.observed(.memoryRefused(identity, reason: String(cString: strerror(error.number))))
        }
        touch()
        return ends
    }

    private func setup(sharing size: Int) -> FrameBuffer {
        let specification = pool.specification
        var setup = FrameBuffer(capacity: 1024)
        SetupFrame(
            function: specification.function, revision: specification.revision, link: link.settings,
            page: specification.page, leases: specification.usesDatabase ? pool.host.broker.settings : nil,
            sharedMemory: size
        ).encode(into: &setup)
        return setup
    }

    /// There will be no process.
    func noProcess(_ failure: SpawnFailure) {
        hasProcess = false
        over()
        pool.startFailed(self, .spawn, failure.description, hasProcess: false)
        context?.close(promise: nil)
    }

    /// READY counts once the process id is known: the two come on different ways.
    func becomeReady() {
        saidReady = true
        announce()
    }

    /// Tells the pool, once both are there.
    func announce() {
        guard saidReady, !isAnnounced, !isOver, processID.load(ordering: .acquiring) != 0 else { return }
        isAnnounced = true
        pool.ready(self)
    }
}
