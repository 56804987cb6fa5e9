import WireProtocol

/// The elements of a field whose value is a list, in all its lines (RFC 9110, section 5.6.1), spaces around them taken
/// off and empty ones left out.
///
/// A comma in a quoted string divides too: the lists read here have none.
enum ListElements {
    /// Calls `body` with each element of each field of that name, in order, until it returns false.
    static func forEach(
        _ name: StaticString, in headers: HeaderList, _ body: (UnsafeRawBufferPointer) -> Bool
    ) {
        var goesOn = true
        headers.forEach { field, value in
            guard goesOn, field.isText(name) else { return }
            goesOn = forEach(in: value, separator: UInt8(ascii: ","), body)
        }
    }

    /// The same for one value; false when `body` ended it.
    @discardableResult
    static func forEach(
        in value: UnsafeRawBufferPointer, separator: UInt8, _ body: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != separator { end += 1 }
            let element = trimmed(value.part(start..<end))
            if element.count > 0, !body(element) { return false }
            start = end + 1
        }
        return true
    }

    /// Without the optional white space around it (section 5.6.3).
    static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var first = 0
        var last = text.count
        while first < last, text[first] == 32 || text[first] == 9 { first += 1 }
        while last > first, text[last - 1] == 32 || text[last - 1] == 9 { last -= 1 }
        return text.part(first..<last)
    }
}
