import Foundation
import Glibc

/// The signals that a server obeys. From its making on none of them ends the process by itself.
final class StopSignals: @unchecked Sendable {
    // Unchecked: the sources are made by `init` and cancelled by `deinit`; nothing else touches them.
    private let arrivals: AsyncStream<Int32>
    /// Whether who started the process asked it to outlive its terminal.
    private let ignoresHangUp: Bool
    private let sources: [any DispatchSourceSignal]

    /// Catches these signals; what comes before `each` waits for it.
    init(_ numbers: [Int32] = [SIGTERM, SIGINT, SIGHUP]) {
        let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.arrivals = arrivals
        var present = sigaction()
        // SIG_IGN is the pointer 1.
        ignoresHangUp =
            sigaction(SIGHUP, nil, &present) == 0
            && unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self) == 1
        let queue = DispatchQueue(label: "swiftlet.signals")
        sources = numbers.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }

    /// Does what the signals ask for, one after the other, until the task is cancelled. Called once.
    func each(_ obey: (SignalRules.Action) async -> Void) async {
        // Where the log goes to a terminal, a hang-up is the end of that terminal: nobody sees the server any more.
        var rules = SignalRules(hangUpStops: isatty(2) == 1 && !ignoresHangUp)
        for await number in arrivals { await obey(rules.action(for: number, at: .now)) }
    }
}
