import WireProtocol

/// What a worker is told about connections.
enum LeaseOrder: Sendable {
    /// The answer to a request.
    case answer(LeaseGrantFrame)
    /// How many are wanted back.
    case recall(LeaseRecallFrame)
}
