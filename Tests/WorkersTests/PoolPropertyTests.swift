import Testing
import WireProtocol

@testable import Workers

@Suite("A pool under random events")
struct PoolPropertyTests {
    /// Repeatable random numbers (SplitMix64).
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// What the world outside knows: processes that live, streams that are open, how each invocation ended.
    struct World {
        struct Process {
            var isReady = false
            var hasLink = true
            var hasProcess = true
            var isLeaving = false
            var streams: [InvocationKey] = []
        }
        var processes: [WorkerKey: Process] = [:]
        var open: Set<InvocationKey> = []
        var ended = 0
        var faults: [String] = []
        var isClosed = false
        var armed: Instant?

        mutating func end(_ key: InvocationKey) {
            if open.remove(key) == nil { faults.append("\(key) ended twice") } else { ended += 1 }
        }

        mutating func apply(_ actions: [PoolAction], concurrency: Int) {
            for action in actions {
                switch action {
                case .spawn(let worker, _):
                    if processes.updateValue(Process(), forKey: worker) != nil { faults.append("spawned twice") }
                case .dispatch(let key, let worker, let milliseconds, _):
                    guard let process = processes[worker], process.isReady, process.hasProcess || process.hasLink
                    else {
                        faults.append("handed to a worker that cannot take it")
                        continue
                    }
                    if !open.contains(key) { faults.append("handed out after its end") }
                    if milliseconds < 1 { faults.append("handed out without time") }
                    if process.streams.count >= concurrency { faults.append("too much in flight") }
                    processes[worker]?.streams.append(key)
                case .fail(let key, _, _): end(key)
                case .drain(let worker), .terminate(let worker), .kill(let worker):
                    processes[worker]?.isLeaving = true
                case .gone(let worker): processes[worker] = nil
                case .arm(let time): armed = time
                case .closed:
                    isClosed = true
                    if !processes.isEmpty { faults.append("closed with workers left") }
                case .cancel, .ping, .retried, .started, .startFailed, .crashed, .stuck, .clogged: break
                }
            }
        }
    }

    @Test(
        "no more workers than allowed, no more in flight than allowed, and each invocation ends exactly once",
        arguments: 0..<60 as Range<UInt64>)
    func invariants(seed: UInt64) {
        var random = Seeded(state: seed)
        var settings = PoolSettings()
        settings.min = Int.random(in: 0...1, using: &random)
        settings.max = Int.random(in: 1...4, using: &random)
        settings.concurrency = Int.random(in: 1...4, using: &random)
        settings.queue = Int.random(in: 0...6, using: &random)
        settings.retry = Bool.random(using: &random)
        settings.timeout = .milliseconds(300)
        settings.wait = .milliseconds(200)
        settings.idle = .seconds(1)
        var machine = PoolMachine(settings: settings, loops: 2)
        var world = World()
        var now = Instant(nanoseconds: 1)
        var accepted = 0

        func step(_ event: (inout PoolMachine, Instant, inout [PoolAction]) -> Void) {
            var actions: [PoolAction] = []
            event(&machine, now, &actions)
            world.apply(actions, concurrency: settings.concurrency)
        }

        func someEvent() {
            let worker = world.processes.keys.sorted { $0.number < $1.number }.randomElement(using: &random)
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<35:
                let safe = Bool.random(using: &random)
                var key: InvocationKey?
                var actions: [PoolAction] = []
                do {
                    key = try machine.invoke(
                        isSafe: safe, loop: Int.random(in: 0...1, using: &random), at: now, &actions)
                } catch {}
                if let key {
                    accepted += 1
                    world.open.insert(key)
                }
                world.apply(actions, concurrency: settings.concurrency)
            case 35..<65:
                guard let worker, let process = world.processes[worker], process.hasLink else { return }
                if !process.isReady {
                    guard process.hasProcess, !process.isLeaving else { return }
                    world.processes[worker]?.isReady = true
                    step { $0.ready(worker, at: $1, &$2) }
                } else if let place = process.streams.indices.randomElement(using: &random) {
                    let key = process.streams[place]
                    world.processes[worker]?.streams.remove(at: place)
                    var isWanted = false
                    var actions: [PoolAction] = []
                    isWanted = machine.replied(key, from: worker, at: now, &actions)
                    if isWanted { world.end(key) }
                    world.apply(actions, concurrency: settings.concurrency)
                }
            case 65..<72:
                guard let key = world.open.sorted(by: { $0.serial < $1.serial }).randomElement(using: &random) else {
                    return
                }
                var actions: [PoolAction] = []
                if machine.cancel(key, at: now, &actions) { world.end(key) }
                world.apply(actions, concurrency: settings.concurrency)
            case 72..<76:
                if let worker { step { $0.pong(worker, at: $1, &$2) } }
            case 76..<82: loseLink(worker)
            case 82..<88: loseProcess(worker)
            default:
                now = now + .milliseconds(Int.random(in: 1...120, using: &random))
                if let armed = world.armed, armed <= now {
                    world.armed = nil
                    step { $0.timer(at: $1, &$2) }
                }
            }
        }

        func loseLink(_ worker: WorkerKey?) {
            guard let worker, let process = world.processes[worker], process.hasLink else { return }
            world.processes[worker]?.hasLink = false
            let written = process.streams.filter { _ in Bool.random(using: &random) }
            if Bool.random(using: &random) {
                step { $0.violated(worker, written: written, at: $1, &$2) }
            } else {
                step { $0.linkClosed(worker, written: written, at: $1, &$2) }
            }
        }

        func loseProcess(_ worker: WorkerKey?) {
            guard let worker, world.processes[worker]?.hasProcess == true else { return }
            world.processes[worker]?.hasProcess = false
            step { $0.exited(worker, at: $1, &$2) }
        }

        step { $0.start(at: $1, &$2) }
        for _ in 0..<1_500 {
            someEvent()
            let open = machine.count(.serving) + machine.count(.starting)
            if open > settings.max { world.faults.append("\(open) workers") }
            if machine.waiting.count > max(settings.queue, 1) { world.faults.append("queue too long") }
        }

        step { $0.close(grace: .seconds(1), at: $1, &$2) }
        for _ in 0..<40 where !world.isClosed {
            now = now + .milliseconds(250)
            step { $0.timer(at: $1, &$2) }
            for worker in world.processes.keys.sorted(by: { $0.number < $1.number })
            where world.processes[worker]?.isLeaving == true || world.processes[worker]?.hasProcess == false {
                loseLink(worker)
                loseProcess(worker)
            }
        }
        #expect(world.faults == [])
        #expect(world.isClosed)
        #expect(world.open.isEmpty)
        #expect(world.ended == accepted)
        #expect(accepted > 20)
    }
}
