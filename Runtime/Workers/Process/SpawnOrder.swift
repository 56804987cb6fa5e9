/// A process to be started.
struct SpawnOrder: Sendable {
    /// Names the process from now on.
    var token: UInt64
    var specification: WorkerSpecification
    /// The worker's number, for its log lines.
    var number: Int
    /// The child's end of the socket; the spawner's from here on, to be closed once the child has it.
    var socket: Int32
    var owner: any ProcessOwner
}
