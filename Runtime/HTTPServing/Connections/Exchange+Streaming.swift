// A body that is handed over as it comes.
extension Exchange {
    /// The handler wants the body as it comes, up to `limit`, but not yet; `.tooLarge` where its length says already
    /// that it is longer.
    mutating func stream(limit: Int) -> Step {
        if let contentLength, contentLength > limit {
            discard()
            return .tooLarge
        }
        body = .streaming(limit: limit, isPaused: true)
        return .pass
    }

    /// Whether the body is handed over as it comes.
    var isStreaming: Bool {
        if case .streaming = body { return true }
        return false
    }

    /// Whether a body that is handed over waits for the handler.
    var isPaused: Bool {
        if case .streaming(_, true) = body { return true }
        return false
    }

    /// The handler takes no more for now, or more again; whether that is news.
    mutating func pause(_ isPaused: Bool) -> Bool {
        guard case .streaming(let limit, let before) = body, before != isPaused else { return false }
        body = .streaming(limit: limit, isPaused: isPaused)
        return true
    }
}
