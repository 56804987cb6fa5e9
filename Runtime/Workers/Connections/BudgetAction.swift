import WireProtocol

/// What the budget's machine asks its shell to do, in order.
enum BudgetAction: Sendable, Equatable {
    /// Answer a request: it is over, and the lease counts if it was granted.
    case answer(LeaseKey, LeaseGrantFrame.Outcome)
    /// Tell a worker how many leases are wanted back, how many it may keep unused, and how many it had returned by now.
    case recall(LeaseHolder, LeaseRecallFrame)
    /// Call `timer` at this time, or earlier. Replaces what was armed before.
    case arm(Instant)
}
