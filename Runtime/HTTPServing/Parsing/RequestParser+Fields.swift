import Glibc
import WireProtocol

extension RequestParser {
    private enum Fate {
        case keep, drop
        case refuse(ParseFailure)
    }

    /// Takes field lines to the end of the head (RFC 9112, section 5).
    ///
    /// The kept ones are written in packed form to a scratch buffer on the stack and appended in one go, so a head
    /// that comes in one piece costs one allocation of the right size.
    mutating func takeFields(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> Event {
        let available = min(bytes.count - offset, rules.headerBytes - counts.headerBytes + 2)
        // A packed field is at most one byte longer than its line, and a line has four bytes at least.
        let room = available + min(available / 4, rules.fields) + 8
        var position = offset
        var outcome: Event?
        withUnsafeTemporaryAllocation(byteCount: room, alignment: 1) { scratch in
            var used = 0
            while outcome == nil {
                switch line(bytes, at: position, limit: rules.headerBytes - counts.headerBytes) {
                case .partial: outcome = .needMore
                case .tooLong: outcome = fail(.headersTooLarge)
                case .bare: outcome = fail(.headerField)
                case .whole(let range, let next):
                    counts.headerBytes += next - position
                    position = next
                    if range.isEmpty {
                        packed.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<used]))
                        used = 0
                        outcome = finishHead()
                    } else {
                        counts.fields += 1
                        if counts.fields > rules.fields {
                            outcome = fail(.headersTooLarge)
                        } else if let failure = takeField(bytes.part(range), scratch, &used) {
                            outcome = fail(failure)
                        }
                    }
                }
            }
            if used > 0 { packed.append(contentsOf: UnsafeRawBufferPointer(rebasing: scratch[..<used])) }
        }
        offset = position
        return outcome ?? .needMore
    }

    /// One field line without its end: written behind `used` when it is kept.
    @inline(__always)
    private mutating func takeField(
        _ line: UnsafeRawBufferPointer, _ scratch: UnsafeMutableRawBufferPointer, _ used: inout Int
    ) -> ParseFailure? {
        let token = ByteSet.token
        var length = 0
        var hasUnderscore = false
        while length < line.count {
            let byte = line[length]
            guard token.contains(byte) else { break }
            if byte == 0x5F { hasUnderscore = true }
            scratch[used + 4 + length] = byte.lowered
            length += 1
        }
        // Folded lines begin with a space, so they fail here as an empty name; so does a space before the colon.
        guard length > 0, length < line.count, line[length] == 0x3A else { return .headerField }
        let value = line.part((length + 1)..<line.count).trimmed
        guard value.isFieldText else { return .headerField }
        if hasUnderscore { return nil }
        let name = UnsafeRawBufferPointer(rebasing: scratch[(used + 4)..<(used + 4 + length)])
        switch fate(name, value) {
        case .drop: return nil
        case .refuse(let failure): return failure
        case .keep:
            scratch[used] = UInt8(truncatingIfNeeded: length)
            scratch[used + 1] = UInt8(truncatingIfNeeded: length >> 8)
            scratch[used + 2] = UInt8(truncatingIfNeeded: value.count)
            scratch[used + 3] = UInt8(truncatingIfNeeded: value.count >> 8)
            used += 4 + length
            if value.count > 0, let from = value.baseAddress, let to = scratch.baseAddress {
                memcpy(to + used, from, value.count)
            }
            used += value.count
            counts.kept += 1
            return nil
        }
    }

    /// What to do with a field; its name is in lower case.
    private mutating func fate(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Fate {
        switch name.count {
        case 2 where name.equals("te"), 5 where name.equals("proxy"), 7 where name.equals("trailer"),
            7 where name.equals("upgrade"), 10 where name.equals("keep-alive"),
            16 where name.equals("proxy-connection"), 19 where name.equals("proxy-authorization"):
            return .drop
        case 4 where name.equals("host"):
            guard !seen.hasHost, HostField.isValid(value) else { return .refuse(.host) }
            seen.hasHost = true
            return .keep
        case 6 where name.equals("expect"):
            guard value.equalsLowered("100-continue") else { return .refuse(.expectation) }
            // RFC 9110, section 10.1.1: an HTTP/1.0 client does not know 100.
            head.expectsContinue = !head.isVersion10
            return .drop
        case 10 where name.equals("connection"):
            return takeConnection(value) ? .drop : .refuse(.headerField)
        case 14 where name.equals("content-length"):
            guard seen.contentLength == nil, let length = RequestParser.decimal(value) else {
                return .refuse(.framing)
            }
            seen.contentLength = length
            return .keep
        case 17 where name.equals("transfer-encoding"):
            return takeTransferEncoding(value).map { .refuse($0) } ?? .drop
        default:
            return name.starts(with: "swiftlet-") ? .drop : .keep
        }
    }

    /// Digits only (RFC 9110, section 8.6); nil past `Int.max`.
    private static func decimal(_ value: UnsafeRawBufferPointer) -> Int? {
        guard !value.isEmpty else { return nil }
        var number = 0
        for byte in value {
            guard (0x30...0x39).contains(byte) else { return nil }
            let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(byte - 0x30))
            if overflow || carry { return nil }
            number = sum
        }
        return number
    }

    /// Exactly `chunked` once. Another coding before a final `chunked` is unknown here (501); where `chunked` is not
    /// the last, the body's length is unknown (400; RFC 9112, sections 6.1 and 6.3).
    private mutating func takeTransferEncoding(_ value: UnsafeRawBufferPointer) -> ParseFailure? {
        if head.isVersion10 || seen.hasChunked { return .framing }
        if value.equalsLowered("chunked") {
            seen.hasChunked = true
            return nil
        }
        guard let comma = value.lastIndex(of: 0x2C),
            value.part((comma + 1)..<value.count).trimmed.equalsLowered("chunked")
        else { return .framing }
        for coding in value.part(0..<comma).split(separator: 0x2C, omittingEmptySubsequences: false) {
            let coding = UnsafeRawBufferPointer(rebasing: coding).trimmed
            if coding.isEmpty || coding.equalsLowered("chunked") { return .framing }
        }
        return .transferCoding
    }

    /// The options of `Connection` (RFC 9110, section 7.6.1); false when one is no token.
    private mutating func takeConnection(_ value: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != 0x2C { end += 1 }
            let option = value.part(start..<end).trimmed
            start = end + 1
            if option.isEmpty { continue }
            guard ByteSet.token.containsAll(option) else { return false }
            if option.equalsLowered("close") {
                seen.close = true
            } else if option.equalsLowered("keep-alive") {
                seen.keepAlive = true
            } else if seen.nominated.count < rules.fields {
                seen.nominated.append(option.map(\.lowered))
            }
        }
        return true
    }
}
