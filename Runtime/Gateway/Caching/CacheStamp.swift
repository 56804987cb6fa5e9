/// When a handler was asked, in epochs: an answer is kept and found only as long as none of them has gone on, so that one
/// which a write overtook is never given to anybody who came after the write.
struct CacheStamp: Sendable, Equatable {
    /// The function's.
    var function: UInt32 = 0
    /// The resource's.
    var resource: UInt32 = 0
    /// The whole cache's.
    var all: UInt32 = 0
}
