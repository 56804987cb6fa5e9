import Gateway
import NIOCore

/// Brings the gateway's work back to NIO's event loops.
struct EventLoopHandoff: LoopHandoff {
    let loops: [any EventLoop]

    func execute(on loop: Int, _ work: @escaping @Sendable () -> Void) {
        guard loops.indices.contains(loop) else { return }
        loops[loop].execute(work)
    }
}
