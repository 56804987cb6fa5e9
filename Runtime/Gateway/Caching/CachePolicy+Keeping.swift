import WireProtocol

extension CachePolicy {
    /// What becomes of a handler's answer.
    enum Judgement: Equatable {
        /// It is kept for so many nanoseconds.
        case keep(UInt64)
        /// It is the client's alone.
        case refuse
        /// It is a failure: the next one who waits asks again.
        case fail
    }

    /// Judges an answer by what the handler set: before `Cache-Control` is added for clients.
    ///
    /// Kept are 200, 203, 204, 301 and 308 (RFC 9111, section 3: the status is understood and `for` says how long), without
    /// `Set-Cookie`, without `Age` (it has been kept elsewhere before), without `private`, `no-store` or `no-cache`, and
    /// whose `Vary` names nothing that is not in the key. `s-maxage`, else `max-age`, else `Expires` of the handler
    /// shortens the lifetime (section 4.2.1), and 0 forbids it. A token in the request forbids nothing (section 3.5): the
    /// caller is in the key, or the manifest says that answers do not depend on it.
    func judge(_ status: Status, _ headers: HeaderList, unixSeconds: Int64) -> Judgement {
        switch status.code {
        case 200, 203, 204, 301, 308: break
        case 500...: return .fail
        default: return .refuse
        }
        guard !headers.contains("set-cookie"), !headers.contains("age"), covers(headers) else { return .refuse }
        let control = CacheControl(headers)
        guard !control.forbidsStoring else { return .refuse }
        var lifetime = self.lifetime
        if let seconds = control.sharedMaxAge ?? control.maxAge {
            lifetime = min(lifetime, UInt64(seconds) * 1_000_000_000)
        } else if let expires = headers.withFirst(
            "expires", { HTTPDate.parse($0, unixSeconds: unixSeconds) ?? .min })
        {
            // One that cannot be read, `0` say, is in the past (section 5.3).
            let rest = expires > unixSeconds ? UInt64(expires - unixSeconds) : 0
            lifetime = min(lifetime, min(rest, 1 << 33) * 1_000_000_000)
        }
        return lifetime > 0 ? .keep(lifetime) : .refuse
    }

    /// Whether all that the handler's `Vary` names is in the key; `*` never is.
    private func covers(_ headers: HeaderList) -> Bool {
        var isCovered = true
        headers.forEach { name, value in
            guard name.isText("vary") else { return }
            var scanner = DirectiveScanner(value)
            while let member = scanner.next() {
                if member.argument != nil || !covers(member.name) { isCovered = false }
            }
            if scanner.isMalformed { isCovered = false }
        }
        return isCovered
    }

    private func covers(_ name: UnsafeRawBufferPointer) -> Bool {
        // Who calls is found out from the token.
        if variesByCaller, name.isTextIgnoringCase("authorization") { return true }
        return self.headers.contains { wanted in
            name.count == wanted.count && zip(name, wanted).allSatisfy { $0.lowered == $1 }
        }
    }
}
