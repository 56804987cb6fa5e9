import WireProtocol

/// What a worker does about connections, for the broker.
enum LeaseEvent: Sendable {
    /// It wants to open one.
    case asked(LeaseRequestFrame)
    /// It gives some back.
    case returned(LeaseReturnFrame)
    /// Its link is gone.
    case silenced
    /// Its process is gone.
    case gone
}
