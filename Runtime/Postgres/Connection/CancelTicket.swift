import CLibPQ

/// What it takes to stop a connection's query, for as long as anybody may want to.
///
/// `@unchecked Sendable`: nothing changes it.
final class CancelTicket: @unchecked Sendable {
    let handle: OpaquePointer

    /// Takes over the handle from `PQgetCancel`.
    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQfreeCancel(handle) }
}
