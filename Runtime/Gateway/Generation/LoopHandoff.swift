/// Brings work to an event loop from any thread: what a stage that waited goes on by.
public protocol LoopHandoff: Sendable {
    /// Runs `work` on the event loop of this index, soon, and after whatever was given for that loop before.
    func execute(on loop: Int, _ work: @escaping @Sendable () -> Void)
}
