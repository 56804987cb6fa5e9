import Synchronization
import WireProtocol

@testable import Workers

/// Keeps what the pools report and what the workers print.
final class WorkerRecorder: PoolObserver, WorkerLogSink {
    struct Log: Sendable {
        var frame: LogFrame
        var request: RequestID?
        var worker: WorkerIdentity
    }
    private struct State {
        var events: [PoolEvent] = []
        var lines: [WorkerOutputLine] = []
        var logs: [Log] = []
    }
    private let state = Mutex(State())

    var events: [PoolEvent] { state.withLock { $0.events } }
    var lines: [WorkerOutputLine] { state.withLock { $0.lines } }
    var logs: [Log] { state.withLock { $0.logs } }

    func observed(_ event: PoolEvent) { state.withLock { $0.events.append(event) } }
    func output(_ line: WorkerOutputLine) { state.withLock { $0.lines.append(line) } }
    func log(_ frame: LogFrame, request: RequestID?, from worker: WorkerIdentity) {
        state.withLock { $0.logs.append(Log(frame: frame, request: request, worker: worker)) }
    }

    /// The workers that became ready.
    var started: [WorkerIdentity] {
        events.compactMap { if case .started(let worker, _) = $0 { worker } else { nil } }
    }
    /// How the crashed workers ended, and what they wrote last.
    var crashes: [(exit: ProcessExit, holding: Int, output: String)] {
        events.compactMap {
            if case .crashed(_, let exit, let holding, let output) = $0 { (exit, holding, output) } else { nil }
        }
    }
    /// Why workers could not start, how they ended, and what they wrote last.
    var failedStarts: [(reason: String, exit: ProcessExit?, output: String)] {
        events.compactMap {
            if case .startFailed(_, let reason, let exit, let output) = $0 { (reason, exit, output) } else { nil }
        }
    }
    /// What broke the protocol.
    var violations: [String] {
        events.compactMap { if case .protocolViolation(_, let text) = $0 { text } else { nil } }
    }
}
