/// Who a process was started for. Called on the spawner's thread, must not block.
protocol ProcessOwner: AnyObject, Sendable {
    /// The program is executing.
    func spawned(pid: Int32)
    /// There is no process; nothing else is called.
    func spawnFailed(_ failure: SpawnFailure)
    /// The process has ended and was reaped, its group is dead, its output was read.
    func exited(_ exit: ProcessExit, output: String)
}
