/// What the admin listeners tell; answers come on the event loop that asked.
protocol StatusSource: AnyObject, Sendable {
    /// The JSON of `/status`.
    func status(loop: Int, _ answer: @escaping @Sendable ([UInt8]) -> Void)
    /// The JSON of `/workers`, with what each worker itself has counted.
    func workers(loop: Int, _ answer: @escaping @Sendable ([UInt8]) -> Void)
}
