import Glibc
import NIOCore
import WireProtocol

/// Writes responses in HTTP/1.1 form (RFC 9112, section 4): status line, `date`, the handler's fields, framing.
///
/// A response with a fault leaves the buffer as it was.
enum ResponseWriter {
    /// How the body's end is told (RFC 9112, section 6).
    enum Framing: Equatable {
        /// By a length; also what HEAD tells without sending it.
        case length(Int)
        case chunked
        /// By closing the connection: HTTP/1.0 without a known length.
        case untilClose
        /// There is no body, and nothing says so: 204 and 304.
        case none
    }

    /// What is said of the connection.
    enum ConnectionOption {
        /// Nothing: it lives on, as HTTP/1.1 has it.
        case none
        case close
        /// To an HTTP/1.0 client that asked for it.
        case keepAlive
    }

    /// The framing that a response of that status and length gets; nil when its length is unknown.
    static func framing(_ status: Status, length: Int?, isVersion10: Bool) -> Framing {
        if status.forbidsBody { return .none }
        if let length { return .length(length) }
        return isVersion10 ? .untilClose : .chunked
    }

    /// Writes a head; nil when it went well.
    static func writeHead(
        _ status: Status, _ headers: HeaderList, framing: Framing, connection: ConnectionOption,
        date: [UInt8], into out: inout ByteBuffer
    ) -> ResponseFault? {
        guard (200...599).contains(status.code) else { return .status }
        // A field takes as many bytes on the wire as packed; the rest is the lines that are ours.
        let room = headers.packed.count + date.count + 160
        var fault: ResponseFault?
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { bytes in
            var cursor = HeadCursor(bytes)
            cursor.add(statusLine: status)
            let hasDate = headers.packed.withUnsafeBytes { cursor.add(fields: $0) }
            guard let hasDate else {
                fault = cursor.fault
                return 0
            }
            if !hasDate { date.withUnsafeBytes { cursor.add($0) } }
            switch framing {
            case .length(let length):
                cursor.add("content-length: ")
                cursor.add(decimal: length)
                cursor.add("\r\n")
            case .chunked: cursor.add("transfer-encoding: chunked\r\n")
            case .untilClose, .none: ()
            }
            switch connection {
            case .none: ()
            case .close: cursor.add("connection: close\r\n")
            case .keepAlive: cursor.add("connection: keep-alive\r\n")
            }
            cursor.add("\r\n")
            return cursor.count
        }
        return fault
    }

    /// Writes one chunk (RFC 9112, section 7.1); an empty one is not written, for it would end the body.
    static func writeChunk(_ bytes: UnsafeRawBufferPointer, into out: inout ByteBuffer) {
        guard !bytes.isEmpty else { return }
        let digits = (UInt.bitWidth - bytes.count.leadingZeroBitCount + 3) / 4
        for place in (0..<digits).reversed() {
            let digit = UInt8(truncatingIfNeeded: bytes.count >> (place * 4) & 15)
            out.writeInteger(digit < 10 ? 48 + digit : 87 + digit)
        }
        out.writeStaticString("\r\n")
        out.writeBytes(bytes)
        out.writeStaticString("\r\n")
    }

    /// Ends a chunked body.
    static func writeLastChunk(into out: inout ByteBuffer) { out.writeStaticString("0\r\n\r\n") }
}

/// A place in the room for a head; what is added always fits, as `writeHead` has made room for all of it.
private struct HeadCursor {
    private let bytes: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    private(set) var fault = ResponseFault.field

    init(_ bytes: UnsafeMutableRawBufferPointer) { self.bytes = bytes }

    @inline(__always)
    mutating func add(_ more: UnsafeRawBufferPointer) {
        guard more.count <= bytes.count - count, let from = more.baseAddress, let to = bytes.baseAddress
        else {
            return
        }
        memcpy(to + count, from, more.count)
        count += more.count
    }

    @inline(__always)
    mutating func add(_ text: StaticString) {
        add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func add(decimal number: Int) {
        var digits = (0 as UInt64, 0 as UInt64, 0 as UInt64)
        withUnsafeMutableBytes(of: &digits) { digits in
            var index = digits.count
            var rest = number
            repeat {
                index -= 1
                digits[index] = UInt8(0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            add(UnsafeRawBufferPointer(digits).part(index..<digits.count))
        }
    }

    mutating func add(statusLine status: Status) {
        switch status.code {
        case 200: add("HTTP/1.1 200 OK\r\n")
        case 201: add("HTTP/1.1 201 Created\r\n")
        case 204: add("HTTP/1.1 204 No Content\r\n")
        case 304: add("HTTP/1.1 304 Not Modified\r\n")
        case 404: add("HTTP/1.1 404 Not Found\r\n")
        default:
            add("HTTP/1.1 ")
            add(decimal: Int(status.code))
            add(" ")
            add(status.reason)
            add("\r\n")
        }
    }

    /// Adds the handler's fields; whether `date` is among them, or nil for a fault.
    mutating func add(fields packed: UnsafeRawBufferPointer) -> Bool? {
        var offset = 0
        var hasDate = false
        while offset < packed.count {
            let nameLength = Int(packed[offset]) | Int(packed[offset + 1]) << 8
            let valueLength = Int(packed[offset + 2]) | Int(packed[offset + 3]) << 8
            let start = offset + 4
            offset = start + nameLength + valueLength
            let name = packed.part(start..<(start + nameLength))
            let value = packed.part((start + nameLength)..<offset)
            guard ByteSet.token.containsAll(name), value.isFieldText else { return nil }
            switch nameLength {
            case 4: if name.equals("date") { hasDate = true }
            case 2 where name.equals("te"), 7 where name.equals("upgrade"), 7 where name.equals("trailer"),
                10 where name.equals("connection"), 10 where name.equals("keep-alive"),
                14 where name.equals("content-length"), 16 where name.equals("proxy-connection"),
                17 where name.equals("transfer-encoding"):
                fault = .framing
                return nil
            default: ()
            }
            add(name)
            add(": ")
            add(value)
            add("\r\n")
        }
        return hasDate
    }
}
