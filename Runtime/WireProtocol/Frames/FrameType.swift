/// What a frame is; the number on the wire.
///
/// g→w are sent by the gateway, w→g by the worker. Numbers not listed here are skipped when the frame is marked
/// optional, and break the protocol otherwise.
public enum FrameType: UInt8, Sendable, CaseIterable {
    /// w→g, first: who the worker is.
    case hello = 1
    /// g→w, first: what it is to do, and within which limits.
    case setup = 2
    /// w→g: the function is started, requests are handled from now on.
    case ready = 3
    /// w→g: the function could not start.
    case startFailed = 4
    /// g→w: one invocation's head, and its body where that is short.
    case request = 8
    /// w→g: one reply's head, and its body where that is short.
    case response = 9
    /// Both: a part of a body.
    case data = 10
    /// Both: more bytes may be sent on a stream, or on the link as a whole (stream 0).
    case window = 11
    /// g→w: nobody waits for this request any more.
    case cancel = 12
    /// w→g: the request ends without a reply, or its reply breaks off.
    case reset = 13
    /// Both: as DATA, but its bytes lie in the memory that both share. Since version 1.2.
    case sharedData = 14
    /// g→w: are you alive?
    case ping = 16
    /// w→g: the answer to it.
    case pong = 17
    /// w→g: a line for the log.
    case log = 18
    /// g→w: finish what you have, then end.
    case drain = 20
    /// w→g, last: nothing is in flight; a request without an answer was not begun.
    case goodbye = 21
    /// w→g: one more connection is wanted. Since version 1.1, as all lease frames.
    case leaseRequest = 32
    /// g→w: whether it may be opened.
    case leaseGrant = 33
    /// g→w: how many leases are wanted back.
    case leaseRecall = 34
    /// w→g: leases given back, and how many are not used.
    case leaseReturn = 35
    /// Reserved: w→g, counters of the worker.
    case metrics = 36

    /// Whether this version knows only the number, not the contents.
    public var isReserved: Bool { self == .metrics }
}
