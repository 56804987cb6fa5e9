/// The trace that a request belongs to (W3C Trace Context, level 1).
public struct TraceContext: Sendable, Hashable {
    /// The first half of the trace id.
    public var traceHigh: UInt64
    /// The second half of the trace id.
    public var traceLow: UInt64
    /// The id of this hop: the gateway's own, new for each request.
    public var parent: UInt64
    /// The trace flags; bit 0 is "sampled".
    public var flags: UInt8
    /// The vendors' `tracestate`, passed on unread; nil where the trace began here.
    public var state: String?

    /// A trace context of these ids; see the properties.
    public init(traceHigh: UInt64, traceLow: UInt64, parent: UInt64, flags: UInt8, state: String? = nil) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.parent = parent
        self.flags = flags
        self.state = state
    }

    /// A trace that begins here, with random ids.
    public init(using generator: inout some RandomNumberGenerator) {
        self.init(
            traceHigh: generator.next(), traceLow: generator.next() | 1, parent: generator.next() | 1,
            flags: 0)
    }

    /// Reads a `traceparent`; nil when it is not valid by section 3.2 of the recommendation.
    public init?(traceparent text: UnsafeRawBufferPointer) {
        guard text.count >= 55, text[2] == 45, text[35] == 45, text[52] == 45 else { return nil }
        guard let version = TraceContext.hex(text, 0, 2), version != 255 else { return nil }
        guard text.count == 55 || (version > 0 && text[55] == 45) else { return nil }
        guard let high = TraceContext.hex(text, 3, 16), let low = TraceContext.hex(text, 19, 16),
            let parent = TraceContext.hex(text, 36, 16), let flags = TraceContext.hex(text, 53, 2),
            high | low != 0, parent != 0
        else { return nil }
        self.init(traceHigh: high, traceLow: low, parent: parent, flags: UInt8(flags))
    }

    /// Appends `traceparent`'s text, 55 bytes, version 00.
    public func write(to bytes: inout [UInt8]) {
        bytes.append(48)
        bytes.append(48)
        bytes.append(45)
        TraceContext.appendHex(traceHigh, 16, &bytes)
        TraceContext.appendHex(traceLow, 16, &bytes)
        bytes.append(45)
        TraceContext.appendHex(parent, 16, &bytes)
        bytes.append(45)
        TraceContext.appendHex(UInt64(flags), 2, &bytes)
    }

    /// `traceparent` as text.
    public var traceparent: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(55)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The trace id as 32 hexadecimal digits.
    public var traceID: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        TraceContext.appendHex(traceHigh, 16, &bytes)
        TraceContext.appendHex(traceLow, 16, &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt64? {
        var value: UInt64 = 0
        for byte in text[start..<(start + count)] {
            switch byte {
            case 48...57: value = value << 4 | UInt64(byte - 48)
            case 97...102: value = value << 4 | UInt64(byte - 87)
            default: return nil
            }
        }
        return value
    }

    private static func appendHex(_ value: UInt64, _ digits: Int, _ bytes: inout [UInt8]) {
        for shift in stride(from: (digits - 1) * 4, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift)) & 15
            bytes.append(digit < 10 ? 48 + digit : 87 + digit)
        }
    }
}
