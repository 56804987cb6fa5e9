import WireProtocol

/// What the cache did for a request, as `Cache-Status` tells it (RFC 9211).
enum CacheStatus: Equatable {
    /// A kept answer was given; `ttl` is how many seconds it is still fresh.
    case hit(ttl: UInt64)
    /// The handler answered; whether that was kept.
    case miss(stored: Bool)
    /// The handler's answer to another request that came first was given to this one too.
    case collapsed
    /// The request is none that the cache answers.
    case bypass

    /// Adds `Cache-Status`.
    func append(to headers: inout HeaderList) {
        switch self {
        case .hit(let ttl):
            withUnsafeTemporaryAllocation(byteCount: 48, alignment: 1) { text in
                var count = 0
                Self.write("swiftlet; hit; ttl=", text, &count)
                Self.write(ttl, text, &count)
                headers.append("cache-status", UnsafeRawBufferPointer(rebasing: text[0..<count]))
            }
        case .miss(true): headers.append(constant: "cache-status", "swiftlet; fwd=miss; stored")
        case .miss(false): headers.append(constant: "cache-status", "swiftlet; fwd=miss")
        case .collapsed: headers.append(constant: "cache-status", "swiftlet; fwd=miss; collapsed")
        case .bypass: headers.append(constant: "cache-status", "swiftlet; fwd=bypass")
        }
    }

    /// Adds `Age`, in seconds (RFC 9111, section 5.1).
    static func append(age: UInt64, to headers: inout HeaderList) {
        withUnsafeTemporaryAllocation(byteCount: 24, alignment: 1) { text in
            var count = 0
            write(age, text, &count)
            headers.append("age", UnsafeRawBufferPointer(rebasing: text[0..<count]))
        }
    }

    private static func write(_ text: StaticString, _ out: UnsafeMutableRawBufferPointer, _ count: inout Int) {
        for index in 0..<text.utf8CodeUnitCount { out[count + index] = text.utf8Start[index] }
        count += text.utf8CodeUnitCount
    }

    /// At most 20 digits.
    private static func write(_ number: UInt64, _ out: UnsafeMutableRawBufferPointer, _ count: inout Int) {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = number
        var index = count + digits
        count = index
        repeat {
            index -= 1
            out[index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        } while rest > 0
    }
}
