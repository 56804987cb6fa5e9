/// One element of `Forwarded`: what one proxy says (RFC 7239, section 4).
enum ForwardedElement {
    /// Where the element begins that ends at `end`: behind a comma that is in no quoted string.
    ///
    /// Read backwards, so that what a client wrote before the proxies' elements, a quote that never closes for one,
    /// cannot change what these say.
    static func start(of line: UnsafeRawBufferPointer, endingAt end: Int) -> Int {
        var index = end
        var isQuoted = false
        while index > 0 {
            let byte = line[index - 1]
            if byte == UInt8(ascii: ","), !isQuoted { break }
            index -= 1
            guard byte == UInt8(ascii: "\"") else { continue }
            var backslashes = 0
            while index - backslashes > 0, line[index - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
            // After an odd number of backslashes it is a character of the string.
            if backslashes % 2 == 0 { isQuoted.toggle() }
            index -= backslashes
        }
        return index
    }

    /// The address of `for=`; nil when the element is malformed, has none, or says `unknown` or an obfuscated name.
    static func client(_ element: UnsafeRawBufferPointer) -> ClientAddress? {
        var address: ClientAddress?
        var hasFor = false
        var index = 0
        while index < element.count {
            while index < element.count, element[index].isBlank { index += 1 }
            let nameStart = index
            while index < element.count, element[index].isTokenByte { index += 1 }
            let name = element.part(nameStart..<index)
            if name.count == 0, index < element.count, element[index] == UInt8(ascii: ";") {
                index += 1
                continue
            }
            guard name.count > 0, index < element.count, element[index] == UInt8(ascii: "=") else { return nil }
            guard let value = value(element, from: index + 1) else { return nil }
            index = value.end
            if name.isTextIgnoringCase("for") {
                guard !hasFor else { return nil }
                hasFor = true
                address = ClientAddress(hop: element.part(value.text))
            }
            while index < element.count, element[index].isBlank { index += 1 }
            guard index < element.count else { break }
            guard element[index] == UInt8(ascii: ";") else { return nil }
            index += 1
        }
        return address
    }

    /// The text of a token or a quoted string, and where it ends. An escaped character stays escaped, so that no
    /// address has one.
    private static func value(
        _ element: UnsafeRawBufferPointer, from start: Int
    ) -> (text: Range<Int>, end: Int)? {
        guard start < element.count else { return nil }
        var index = start
        guard element[start] == UInt8(ascii: "\"") else {
            while index < element.count, element[index].isTokenByte { index += 1 }
            return index > start ? (start..<index, index) : nil
        }
        index += 1
        while index < element.count, element[index] != UInt8(ascii: "\"") {
            index += element[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index < element.count ? (start + 1..<index, index + 1) : nil
    }
}

extension UInt8 {
    /// Space or tab: optional white space (RFC 9110, section 5.6.3).
    fileprivate var isBlank: Bool { self == 32 || self == 9 }

    /// RFC 9110, section 5.6.2.
    fileprivate var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Without spaces and tabs around it.
    var trimmed: UnsafeRawBufferPointer {
        var first = 0
        var last = count
        while first < last, self[first].isBlank { first += 1 }
        while last > first, self[last - 1].isBlank { last -= 1 }
        return part(first..<last)
    }
}
