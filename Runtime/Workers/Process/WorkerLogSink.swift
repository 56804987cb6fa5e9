import WireProtocol

/// Where the output of workers goes.
///
/// Called on the spawner's thread (`output`) and on event loops (`log`). It must not block: a slow reader of the log is
/// not the workers' problem.
public protocol WorkerLogSink: AnyObject, Sendable {
    /// A worker wrote a line to its standard output or error.
    func output(_ line: WorkerOutputLine)
    /// A worker's handler logged; `request` is the invocation that it belongs to, if that is still under way.
    func log(_ frame: LogFrame, request: RequestID?, from worker: WorkerIdentity)
}
