import WireProtocol

/// One request and its response as the connection sees them: what of both is still to come, and whether another
/// request may follow. Plain state, without bytes or sockets.
struct Exchange: Equatable {
    enum Body: Equatable {
        /// The handler has not said yet what it wants.
        case undecided
        /// Read for the handler, up to `limit`. Left for `discarding` past it, `ended` at the end.
        case gathering(limit: Int)
        /// Handed to the handler as it comes, up to `limit`; not read while it is paused. Left as `gathering`.
        case streaming(limit: Int, isPaused: Bool)
        /// Read only so that the connection can live on. Left for `abandoned` past the allowance, `ended` at the end.
        case discarding(left: Int)
        /// Not read to its end; the connection ends after the response.
        case abandoned
        /// Whole.
        case ended
    }

    enum Reply: Equatable {
        /// Not begun.
        case awaited
        /// Begun; `left` bytes are still owed where the length was told.
        case streaming(ResponseWriter.Framing, left: Int?)
        /// Sent, or broken off.
        case done
    }

    /// What to do with a part of the body.
    enum Step: Equatable {
        case keep, pass, skip, tooLarge, overrun
    }

    let isHead: Bool
    let isVersion10: Bool
    let contentLength: Int?
    var body = Body.undecided
    private(set) var reply = Reply.awaited
    /// Whether the response is a stream of events, which nobody reads who has closed the other side.
    var isEventStream = false
    /// Whether 100 is still to be sent before the client sends its body.
    private(set) var owesContinue: Bool
    private var keepsAlive: Bool
    private var got = 0
    private let allowance: Int

    /// `allowance`: bytes of an unwanted body that are read so that the connection can live on.
    init(_ head: borrowing RequestHead, allowance: Int) {
        isHead = head.method == .head
        isVersion10 = head.isVersion10
        contentLength = head.contentLength
        owesContinue = head.expectsContinue
        keepsAlive = head.keepsAlive
        self.allowance = allowance
    }

    /// Whether the parser is to go on with this request.
    var wantsBody: Bool {
        switch body {
        case .undecided, .abandoned, .ended: false
        case .gathering, .discarding: true
        case .streaming(_, let isPaused): !isPaused
        }
    }

    /// Whether nothing is missing but the answer, and that has not begun. A body that waits for the handler is missing.
    var isUnanswered: Bool { reply == .awaited && !wantsBody && !isPaused }

    /// Whether what was sent of the answer would look whole after an orderly end: its body ends with the connection.
    var looksWhole: Bool { reply == .streaming(.untilClose, left: nil) }

    /// Whether both sides are through, or the body will never be.
    var isSettled: Bool { reply == .done && !wantsBody && body != .undecided }

    /// Whether no other request may follow on the connection.
    var mustClose: Bool { !keepsAlive || body == .abandoned }

    /// Whether the body is on its way to the handler.
    var isGathering: Bool {
        switch body {
        case .gathering, .streaming: true
        case .undecided, .discarding, .abandoned, .ended: false
        }
    }

    /// The handler wants the body up to `limit`; `.tooLarge` where its length says already that it is longer.
    mutating func gather(limit: Int) -> Step {
        if let contentLength, contentLength > limit {
            discard()
            return .tooLarge
        }
        body = .gathering(limit: limit)
        return .keep
    }

    /// Whether more of the body is known to come than is read for the connection's sake.
    private var exceedsAllowance: Bool { body != .ended && (contentLength ?? got) - got > allowance }

    /// The handler does not want the body, or no more of it.
    mutating func discard() {
        if owesContinue || exceedsAllowance {
            // A client that waits for 100 may send its body after the answer or not: nothing behind it is a
            // request for certain (RFC 9110, section 10.1.1).
            abandon()
        } else {
            body = .discarding(left: allowance)
        }
    }

    mutating func abandon() {
        body = .abandoned
        owesContinue = false
    }

    mutating func sentContinue() { owesContinue = false }

    /// A part of the body came.
    mutating func received(_ count: Int) -> Step {
        owesContinue = false
        got += count
        switch body {
        case .gathering(let limit):
            guard got > limit else { return .keep }
            discard()
            return .tooLarge
        case .discarding(let left):
            if count > left {
                abandon()
                return .overrun
            }
            body = .discarding(left: left - count)
            return .skip
        case .streaming(let limit, _):
            guard got > limit else { return .pass }
            discard()
            return .tooLarge
        case .undecided, .abandoned, .ended: return .skip
        }
    }

    mutating func bodyEnded() {
        body = .ended
        owesContinue = false
    }

    /// What the response is to say of the connection; says so once and for all. `isDraining`: the server stops.
    mutating func connectionOption(isDraining: Bool, framing: ResponseWriter.Framing)
        -> ResponseWriter.ConnectionOption
    {
        if isDraining || framing == .untilClose || owesContinue || exceedsAllowance { keepsAlive = false }
        if mustClose { return .close }
        return isVersion10 ? .keepAlive : .none
    }

    mutating func began(_ framing: ResponseWriter.Framing, length: Int?) {
        reply = .streaming(framing, left: isHead || framing == .none ? 0 : length)
    }

    /// How many of `count` bytes the response may still hold.
    mutating func mayWrite(_ count: Int) -> Int {
        guard case .streaming(let framing, let left) = reply else { return 0 }
        if isHead || framing == .none { return 0 }
        guard let left else { return count }
        let allowed = min(left, count)
        reply = .streaming(framing, left: left - allowed)
        return allowed
    }

    /// The response is whole; nobody wants the rest of the body any more.
    mutating func replied() {
        reply = .done
        if isGathering { discard() }
    }
}
