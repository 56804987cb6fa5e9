import Manifests
import WireProtocol

/// A function's `cache` (contract 2 and 3.5) in the form that costs nothing to read.
///
/// The rule that keeps a shared answer clean: whatever the handler of such a function is shown of a GET or HEAD is in the
/// key. It is shown no header but those that `vary` names, never a condition or a range, no query parameter but those
/// that count, and no caller where `vary` does not name it. A header that is not in the key then cannot change what is
/// kept, whether by chance or on purpose, and a handler's own 304 or 412 is never anybody else's answer.
final class CachePolicy: Sendable {
    /// How long an answer is kept at most, in nanoseconds.
    let lifetime: UInt64
    /// Whether the handler is told who calls; else it is told of an anonymous caller.
    let variesByCaller: Bool
    /// The names of request headers that the handler sees, in lower case, each once.
    let headers: [[UInt8]]
    /// The query parameters that count, those of the page among them; nil: all.
    let parameters: [String]?
    /// The parts of a key that are the same for every request.
    private let prefix: [UInt8]
    private let epoch: CacheEpoch
    private let cache: ResponseCache

    /// The policy of a function; nil where it has no `cache`.
    ///
    /// - Parameter revision: what the program is; answers of another one are not found. The name and hash of its file, say.
    init?(_ settings: FunctionSettings, in cache: ResponseCache, revision: String = "") {
        guard let own = settings.cache else { return nil }
        self.cache = cache
        epoch = cache.epoch(of: settings.name)
        lifetime = Self.nanoseconds(own.lifetime)
        variesByCaller = own.vary.contains(.caller)
        var names: Set<String> = []
        for case .header(let name) in own.vary { names.insert(name.lowercased()) }
        let sorted = names.sorted()
        headers = sorted.map { Array($0.utf8) }
        if let query = own.query {
            // The page is read from the query, so its names always count.
            let page: [String] =
                switch settings.page?.style {
                case .page: ["page", "limit"]
                case .cursor: ["cursor", "limit"]
                case nil: []
                }
            parameters = Set(query + page).sorted()
        } else {
            parameters = nil
        }
        var parts = KeyWriter()
        parts.part(settings.name.rawValue)
        parts.part(settings.version)
        parts.part(revision)
        parts.byte(variesByCaller ? 1 : 0)
        parts.list(sorted)
        parts.byte(parameters == nil ? 0 : 1)
        parts.list(parameters ?? [])
        prefix = parts.bytes
    }

    /// Whether the cache answers such a request: GET and HEAD without a body. Others go to the handler, and their answers
    /// are not kept (`CacheStatus.bypass` for a GET with a body; nothing is said of other methods).
    func takes(_ method: Method, contentLength: Int?) -> Bool {
        (method == .get || method == .head) && contentLength == 0
    }

    /// The key of a request; GET and HEAD share it.
    ///
    /// - Parameters:
    ///   - path: the whole normalised path: where the version is in it, it is another address, with other links.
    ///   - start: where its first segment behind prefix and version begins.
    ///   - query: as `reduced` gave it; the order of parameters and their encoding count.
    ///   - caller: who calls; heeded only where `vary` names it.
    ///   - headers: the request's.
    func key(
        path: [UInt8], from start: Int, query: [UInt8], caller: borrowing CallerIdentity, headers: HeaderList
    ) -> CacheKey {
        var count = prefix.count + path.count + query.count + 8
        if variesByCaller { count += caller.bytes.count + 4 }
        for wanted in self.headers {
            count += 1
            headers.forEach { name, value in
                if name.isBytes(wanted) { count += value.count + 5 }
            }
        }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            var parts = KeyMemory(buffer)
            parts.raw(prefix)
            parts.part(path)
            parts.part(query)
            if variesByCaller { parts.part(caller.bytes) }
            for wanted in self.headers {
                // Each line of the name, then the end: a header that is absent is not one that is empty.
                headers.forEach { name, value in
                    guard name.isBytes(wanted) else { return }
                    parts.byte(1)
                    parts.part(value)
                }
                parts.byte(0)
            }
            written = parts.count
        }
        let resource = path.withUnsafeBytes {
            cache.resources.place(of: $0.part(max(0, min(start, $0.count))..<$0.count))
        }
        let hash = bytes.withUnsafeBytes { FoldedHash.hash64($0, key: cache.hashKey) }
        return CacheKey(bytes: bytes, hash: hash, resource: resource, function: epoch)
    }

    private static func nanoseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 1 << 33 else { return .max }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
