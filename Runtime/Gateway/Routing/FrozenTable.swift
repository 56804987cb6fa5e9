/// An array that never changes again, read by address: an element's member is loaded without retaining anything, which
/// on the way of every request is most of what reading an array costs, and the more so from several threads.
///
/// Addresses are good for as long as the table lives.
final class FrozenTable<Element: Sendable>: @unchecked Sendable {  // never written after init
    let base: UnsafePointer<Element>
    let count: Int

    init(_ elements: [Element]) {
        count = elements.count
        let storage = UnsafeMutablePointer<Element>.allocate(capacity: max(1, count))
        _ = UnsafeMutableBufferPointer(start: storage, count: count).initialize(from: elements)
        base = UnsafePointer(storage)
    }

    deinit {
        let storage = UnsafeMutablePointer(mutating: base)
        storage.deinitialize(count: count)
        storage.deallocate()
    }
}
