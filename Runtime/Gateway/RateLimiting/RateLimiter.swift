import Manifests
import WireProtocol

/// The rate rules of one generation (contract 2 and 3.4): who is let in, and what the answer says of it.
///
/// A request is asked twice: by client before authentication, so that guessing tokens is counted; by caller, API key and
/// function once it is known who calls. The rules of one asking are all charged, or none where one refuses: who is
/// turned away by a function's limit does not use up what other functions would have given. A rule by client stays
/// charged when a later rule, or authentication, refuses: it counts what was sent.
final class RateLimiter: Sendable {
    private let store: any RateStore
    private let plans: FrozenTable<RatePlan>
    private let table: FrozenTable<RatePlan.Entry>
    private let text: FrozenTable<UInt8>

    /// - Parameters:
    ///   - manifest: its rules; functions are numbered as they stand in it.
    ///   - store: where the buckets are; the one of the generation before, so that they stay.
    init(_ manifest: Manifest, store: any RateStore) {
        var table: [RatePlan.Entry] = []
        var text: [UInt8] = []
        let plans = manifest.functions.map { function in
            RatePlan(
                common: manifest.rate, own: function.rate, function: function.name.rawValue, store.hashKey,
                table: &table, text: &text)
        }
        self.store = store
        self.plans = FrozenTable(plans)
        self.table = FrozenTable(table)
        self.text = FrozenTable(text)
    }

    /// Whether any rule holds for a function.
    func limits(_ function: Int) -> Bool { plan(function).map { !$0.pointee.entries.isEmpty } ?? false }

    /// Whether a function has rules that are asked before authentication: only then the client must be known there.
    func limitsClients(_ function: Int) -> Bool { (plan(function)?.pointee.clientCount ?? 0) > 0 }

    /// Asks the rules by client.
    ///
    /// - Throws: `RATE_LIMIT_EXCEEDED` with `Retry-After`.
    func admitClient(
        _ function: Int, _ client: ClientAddress, at now: UInt64, _ tally: inout RateTally
    ) throws(APIError) {
        guard let plan = plan(function), plan.pointee.clientCount > 0 else { return }
        let first = plan.pointee.entries.lowerBound
        try admit(first..<first + plan.pointee.clientCount, function, client, .anonymous, now, &tally)
    }

    /// Asks the rules by caller, function and, where the caller showed an API key, by key.
    ///
    /// - Throws: `RATE_LIMIT_EXCEEDED` with `Retry-After`.
    func admitCaller(
        _ function: Int, _ caller: RateCaller, _ client: ClientAddress, at now: UInt64, _ tally: inout RateTally
    ) throws(APIError) {
        guard let plan = plan(function), plan.pointee.entries.count > plan.pointee.clientCount else { return }
        let entries = plan.pointee.entries
        let last: Int
        if case .key = caller {
            last = entries.upperBound
        } else {
            last = entries.lowerBound + plan.pointee.keylessCount
        }
        let first = entries.lowerBound + plan.pointee.clientCount
        guard first < last else { return }
        try admit(first..<last, function, client, caller, now, &tally)
    }

    /// Adds `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10): one member for each rule that
    /// was asked. Nothing when none was.
    func append(_ tally: borrowing RateTally, to headers: inout HeaderList) {
        guard tally.count > 0, let plan = plan(tally.function)?.pointee else { return }
        let entries = table.base + plan.entries.lowerBound
        let count = min(tally.count, plan.entries.count)
        let policy = plan.policyStart..<entries[count - 1].policyEnd
        headers.append(
            "ratelimit-policy", UnsafeRawBufferPointer(start: text.base + policy.lowerBound, count: policy.count))
        var size = 0
        for index in 0..<count { size += entries[index].member.count + 2 * 10 + 5 }
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { value in
            var cursor = 0
            for index in 0..<count {
                let reading = tally[index]
                if index > 0 { Self.write(", ", value, &cursor) }
                let member = entries[index].member
                let source = text.base + member.lowerBound
                for offset in 0..<member.count { value[cursor + offset] = source[offset] }
                cursor += member.count
                Self.write(reading.remaining, value, &cursor)
                Self.write(";t=", value, &cursor)
                Self.write(reading.seconds, value, &cursor)
            }
            headers.append("ratelimit", UnsafeRawBufferPointer(rebasing: value[0..<cursor]))
        }
    }

    @inline(__always)
    private func plan(_ function: Int) -> UnsafePointer<RatePlan>? {
        function >= 0 && function < plans.count ? plans.base + function : nil
    }

    private func admit(
        _ range: Range<Int>, _ function: Int, _ client: ClientAddress, _ caller: RateCaller, _ now: UInt64,
        _ tally: inout RateTally
    ) throws(APIError) {
        let retry = withUnsafeTemporaryAllocation(of: RateCharge.self, capacity: range.count) { charges -> UInt32? in
            for index in range {
                let entry = table.base + index
                (charges.baseAddress.unsafelyUnwrapped + (index - range.lowerBound)).initialize(  // Safe: never empty
                    to: RateCharge(key: Self.key(entry, client, caller, function), bucket: entry.pointee.bucket))
            }
            let isAllowed = store.take(charges, at: now)
            var seconds: UInt32 = 1
            for charge in charges {
                tally.note(charge.verdict, function: function)
                // Of several that refuse, the one that does so longest.
                if !charge.verdict.isAllowed { seconds = max(seconds, charge.verdict.seconds) }
            }
            return isAllowed ? nil : seconds
        }
        if let retry { throw Self.refusal(retry) }
    }

    /// The keyed hash of a rule and whom it counts.
    @inline(__always)
    private static func key(
        _ entry: UnsafePointer<RatePlan.Entry>, _ client: ClientAddress, _ caller: RateCaller, _ function: Int
    ) -> UInt64 {
        var hash = entry.pointee.prefix
        // One number for each kind of subject; those of addresses are below 5.
        switch (entry.pointee.by, caller) {
        case (.function, _): hash.add(5)
        case (.caller, .token(let id)):
            hash.add(6)
            hash.add(id)
        case (.caller, .key(let name)), (.key, .key(let name)):
            hash.add(7)
            hash.add(name)
        case (.client, _), (.caller, .anonymous), (.key, _):
            hash.add(client.kind.rawValue)
            hash.add(client.subject)
        }
        return hash.value()
    }

    @inline(never)
    private static func refusal(_ seconds: UInt32) -> APIError {
        APIError(.rateLimitExceeded, headers: ["retry-after": "\(seconds)"])
    }

    @inline(__always)
    private static func write(_ constant: StaticString, _ bytes: UnsafeMutableRawBufferPointer, _ cursor: inout Int) {
        for offset in 0..<constant.utf8CodeUnitCount { bytes[cursor + offset] = constant.utf8Start[offset] }
        cursor += constant.utf8CodeUnitCount
    }

    /// In decimal.
    @inline(__always)
    private static func write(_ number: UInt32, _ bytes: UnsafeMutableRawBufferPointer, _ cursor: inout Int) {
        var digits = 1
        var bound: UInt64 = 10
        while bound <= UInt64(number) {
            digits += 1
            bound *= 10
        }
        var rest = number
        for offset in stride(from: digits - 1, through: 0, by: -1) {
            bytes[cursor + offset] = UInt8(truncatingIfNeeded: 48 + rest % 10)
            rest /= 10
        }
        cursor += digits
    }
}
