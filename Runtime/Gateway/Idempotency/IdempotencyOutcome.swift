import WireProtocol

/// What becomes of a key when its request has been answered.
enum IdempotencyOutcome: Sendable, Equatable {
    /// The response is kept: `finish`.
    case keep
    /// The key is free: `release`. A repeated request runs.
    case release
    /// The key is free so many milliseconds later, until when a repeated request is a conflict: `release`.
    case releaseLater(UInt64)

    /// How long the key stays taken after a timeout. By then a handler that obeyed the cancellation has ended, and a worker
    /// that did not has been ended (2 s, and what it takes to kill and to start one).
    static let afterTimeout: UInt64 = 5_000

    /// The handler was cancelled: as after a timeout, it may still be at it.
    static let cancelled = IdempotencyOutcome.releaseLater(afterTimeout)

    /// After how many milliseconds the key is free.
    var delay: UInt64 { if case .releaseLater(let milliseconds) = self { milliseconds } else { 0 } }

    /// The outcome of an answer that a handler made: what it returned or threw.
    ///
    /// - Parameters:
    ///   - status: the answer's.
    ///   - bytes: the body's length; nil where the answer came in parts.
    static func ofHandler(_ status: Status, bytes: Int?) -> IdempotencyOutcome {
        guard let bytes, bytes <= StoredResponse.longestBody, (200...499).contains(status.code) else { return .release }
        return .keep
    }

    /// The outcome of an answer that the gateway made, of whatever status.
    static func ofGateway(_ error: APIError) -> IdempotencyOutcome {
        error.code == ErrorCode.functionTimeout.rawValue ? .releaseLater(afterTimeout) : .release
    }
}
