import Manifests
import WireProtocol

/// What a function's answers drop from the cache: by unsafe methods their own address (RFC 9111, section 4.4), by a
/// function that others name in `clearedBy` all that is kept of those.
struct CacheClearing: Sendable {
    private let cache: ResponseCache
    private let dependents: [CacheEpoch]

    /// What the function of this name drops; nil where nothing is kept of any function.
    init?(_ name: FunctionName, of functions: [FunctionSettings], in cache: ResponseCache) {
        guard functions.contains(where: { $0.cache != nil }) else { return nil }
        self.cache = cache
        dependents = functions.filter { $0.cache?.clearedBy.contains(name) ?? false }
            .map { cache.epoch(of: $0.name) }
    }

    /// The handler answered: to be called before the client is sent anything of it.
    ///
    /// - Parameters:
    ///   - path: the normalised path.
    ///   - start: where its first segment behind prefix and version begins.
    func answered(_ method: Method, _ status: Status, path: [UInt8], from start: Int) {
        guard (200..<400).contains(status.code) else { return }
        clear(method, path, start)
    }

    /// The handler was asked and nobody knows what it did, or will do: it crashed, ran out of time, or its client went
    /// away. What is kept may be out of date by now; and as long as the handler may still be at it, so may be what is
    /// asked meanwhile, which is not kept.
    ///
    /// - Parameter settled: by when the handler has ended or was ended, in nanoseconds.
    func lost(_ method: Method, path: [UInt8], from start: Int, settledAt settled: UInt64) {
        guard !method.isSafe else { return }
        for dependent in dependents { dependent.doubt(until: settled) }
        cache.doubt(resource: Self.resource(path, start), until: settled)
    }

    private func clear(_ method: Method, _ path: [UInt8], _ start: Int) {
        for dependent in dependents { dependent.advance() }
        guard !method.isSafe else { return }
        cache.drop(resource: Self.resource(path, start))
    }

    private static func resource(_ path: [UInt8], _ start: Int) -> ArraySlice<UInt8> {
        path[max(0, min(start, path.count))...]
    }
}
