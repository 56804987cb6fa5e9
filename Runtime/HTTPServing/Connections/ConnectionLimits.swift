/// The limits of one connection, in nanoseconds and bytes; from `HTTPServerConfiguration`.
struct ConnectionLimits: Sendable {
    let header: UInt64
    let idle: UInt64
    let bodyWindow: UInt64
    let write: UInt64
    let linger: UInt64
    /// From the end of a client's input behind its whole request until it counts as gone, where no answer has begun: a
    /// closed and a half-closed side look the same (RFC 9293, section 3.6), and only what is sent to them tells.
    let halfClosed: UInt64
    /// For a head that has begun when the server stops: 1 s.
    let lastHead: UInt64 = 1_000_000_000
    /// Bytes a second.
    let bodyRate: Int
    /// Bytes of an unwanted body that are read so that the connection can live on.
    let bodyAllowance = 64 * 1024
    /// Bytes that are kept of requests whose turn has not come; past them the connection is not read.
    let pipelined = 64 * 1024
    /// Bytes that are kept of what a client sent before it closed its side: requests behind one that is not answered yet,
    /// a body of the usual limit among them. All of it is read at once then, so this is a bound on what stays.
    let keptAtEnd = 2 * 1024 * 1024
    /// Bytes of responses that are gathered before they are written in the middle of a wake-up.
    let batch = 64 * 1024
    /// A body of so many bytes is written from where it is; a shorter one shares a write with what else there is.
    let longBody = 16 * 1024

    init(_ configuration: HTTPServerConfiguration) {
        header = configuration.headerTimeout.nanoseconds
        idle = configuration.idleTimeout.nanoseconds
        bodyWindow = configuration.bodyWindow.nanoseconds
        write = configuration.writeTimeout.nanoseconds
        linger = configuration.lingerTimeout.nanoseconds
        halfClosed = configuration.halfClosedTimeout.nanoseconds
        bodyRate = configuration.bodyRate
    }

    /// How often deadlines are looked at: a quarter of the shortest, 250 ms at most, 5 ms at least.
    var sweepInterval: UInt64 {
        max(5_000_000, min(250_000_000, min(header, idle, bodyWindow, min(write, linger, halfClosed)) / 4))
    }
}

extension Duration {
    /// Whole nanoseconds, 0 to about 292 years.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 9_000_000_000 else { return UInt64(Int64.max) }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
