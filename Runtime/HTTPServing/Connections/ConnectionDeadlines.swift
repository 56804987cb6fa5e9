/// What a connection may take its time for (faults.md, section A), as plain state; times in nanoseconds.
struct ConnectionDeadlines: Equatable {
    enum Phase: Equatable {
        /// Between requests.
        case idle(since: UInt64)
        /// The first byte of a head has come.
        case head(since: UInt64)
        /// A body is coming: how much of it in the present window.
        case body(since: UInt64, got: Int)
        /// The handler is at work; its deadline is not ours.
        case answering
        /// As `answering`, and the client has closed its side; left for it when the answer begins.
        case halfClosed(since: UInt64)
        /// The last response is out; what the client still sends is thrown away.
        case lingering(since: UInt64)
    }

    enum Verdict: Equatable {
        case idleTooLong, headTooSlow, bodyTooSlow, lingeredEnough, clientGone
    }

    private(set) var phase = Phase.idle(since: 0)
    /// Whether something waited to be sent when it was last looked at.
    private(set) var isUnsent = false
    private var sent = 0
    private var stalledSince: UInt64?

    /// The connection is new, or a response is whole: what came before counts no more.
    mutating func idle(at now: UInt64) { phase = .idle(since: now) }

    /// In a head; the time runs from its first byte on, however many calls follow.
    mutating func head(at now: UInt64) {
        if case .head = phase { return }
        phase = .head(since: now)
    }

    /// In a body.
    mutating func body(at now: UInt64) {
        if case .body = phase { return }
        phase = .body(since: now, got: 0)
    }

    mutating func bodyCame(_ count: Int) {
        if case .body(let since, let got) = phase { phase = .body(since: since, got: got + count) }
    }

    mutating func answering() { phase = .answering }

    /// The client has closed its side behind a request whose answer has not begun.
    mutating func halfClosed(at now: UInt64) {
        if case .halfClosed = phase { return }
        phase = .halfClosed(since: now)
    }

    mutating func lingering(at now: UInt64) { phase = .lingering(since: now) }

    /// What has gone over its time; a body is measured window by window, so that a fast start buys no long stall. While
    /// an answer is on its way to the client, no wait for what follows it has begun.
    mutating func verdict(at now: UInt64, _ limits: ConnectionLimits, isDraining: Bool = false) -> Verdict? {
        switch phase {
        case .idle where isUnsent: phase = .idle(since: now)
        case .head where isUnsent: phase = .head(since: now)
        case .halfClosed where isUnsent: phase = .halfClosed(since: now)
        default: ()
        }
        switch phase {
        case .idle(let since): return now &- since >= limits.idle ? .idleTooLong : nil
        case .head(let since):
            return now &- since >= (isDraining ? min(limits.header, limits.lastHead) : limits.header)
                ? .headTooSlow : nil
        case .lingering(let since): return now &- since >= limits.linger ? .lingeredEnough : nil
        case .answering: return nil
        case .halfClosed(let since): return now &- since >= limits.halfClosed ? .clientGone : nil
        case .body(let since, let got):
            let elapsed = now &- since
            guard elapsed >= limits.bodyWindow else { return nil }
            let wanted = Double(limits.bodyRate) * Double(elapsed) / 1e9
            if Double(got) < wanted { return .bodyTooSlow }
            phase = .body(since: now, got: 0)
            return nil
        }
    }

    /// `written` bytes were handed over since the connection began, `unsent` of them wait; true when none has gone
    /// for `limits.write`. Both are needed: a handler that writes on keeps `unsent` high while the client reads.
    mutating func writeStalled(
        written: Int, unsent: Int, at now: UInt64, _ limits: ConnectionLimits
    ) -> Bool {
        isUnsent = unsent > 0
        let sent = written - unsent
        guard isUnsent, sent == self.sent, let since = stalledSince else {
            self.sent = sent
            stalledSince = isUnsent ? now : nil
            return false
        }
        return now &- since >= limits.write
    }
}
