/// What a kept answer depends on, whole: two requests share an answer only where these bytes are the same.
struct CacheKey: Sendable {
    /// All parts, each with its length; never compared by their hash alone.
    let bytes: [UInt8]
    /// Of `bytes`, foretold by nobody outside the process.
    let hash: UInt64
    /// Which of the cache's epochs counts for the resource.
    let resource: Int
    /// The function's epoch.
    let function: CacheEpoch

    /// Whether the other key has the same bytes.
    func isSame(as other: CacheKey) -> Bool { hash == other.hash && isBytes(other.bytes) }

    @inline(__always)
    func isBytes(_ other: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { $0.isSameMemory(as: other) }
    }
}
