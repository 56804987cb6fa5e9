import Manifests
import WireProtocol

/// The routes of all versions: for each version a tree over the path's segments.
///
/// Literals go before parameters, parameters before a rest, segment by segment from the left, and what leads nowhere
/// is gone back on. A more specific path without the method does not hide a less specific one that has it. The
/// literal children of all nodes lie in one hash table, so that a thousand routes cost what one does; a match
/// allocates nothing.
final class RouteTrie: Sendable {
    /// What was found: a route, or else the methods of the paths that match.
    struct Match: Equatable {
        /// The route's number; negative: none.
        var route: Int
        /// Empty where no path matches, and not complete where a route was found.
        var allowed: MethodSet
    }

    struct Node {
        /// The node behind a parameter; negative: none.
        var parameter: Int32 = -1
        /// The endpoint of a route that ends here.
        var endpoint: Int32 = -1
        /// The endpoint of a route whose rest begins here.
        var rest: Int32 = -1
    }

    /// A literal child in the hash table; its name is in `text`. Without a child the slot is free.
    struct Slot {
        var parent: Int32 = -1
        var child: Int32 = -1
        var start: Int32 = 0
        var count: Int32 = 0
    }

    private let nodes: FrozenTable<Node>
    private let slots: FrozenTable<Slot>
    private let text: FrozenTable<UInt8>
    /// For each endpoint the route of each method; negative: none.
    private let endpoints: FrozenTable<Int32>

    /// A trie of what the builder holds.
    init(_ builder: RouteTrieBuilder) {
        let (slots, text) = builder.table()
        nodes = FrozenTable(builder.nodes)
        endpoints = FrozenTable(builder.endpoints)
        self.slots = FrozenTable(slots)
        self.text = FrozenTable(text)
    }

    /// The route for the segments of `path` from `start` on; `start` at the path's end is one empty segment.
    ///
    /// - Parameter root: the version's root, as the builder named it.
    func match(_ path: UnsafeRawBufferPointer, from start: Int, _ method: Method, root: Int) -> Match {
        var allowed: MethodSet = []
        let route = find(root, path, start, method, &allowed)
        return Match(route: Int(route), allowed: allowed)
    }

    /// Goes on from `node` with the segment at `start`; one past the end says that there is none left.
    private func find(
        _ node: Int, _ path: UnsafeRawBufferPointer, _ start: Int, _ method: Method,
        _ allowed: inout MethodSet
    ) -> Int32 {
        let here = nodes.base[node]
        if start > path.count { return take(here.endpoint, method, &allowed) }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        let literal = child(of: node, named: path.part(start..<end))
        if literal >= 0 {
            let route = find(Int(literal), path, end + 1, method, &allowed)
            if route >= 0 { return route }
        }
        if here.parameter >= 0, end > start {
            let route = find(Int(here.parameter), path, end + 1, method, &allowed)
            if route >= 0 { return route }
        }
        return start < path.count ? take(here.rest, method, &allowed) : -1
    }

    /// The endpoint's route for the method (HEAD: also GET's); else notes which methods it has.
    @inline(__always)
    private func take(_ endpoint: Int32, _ method: Method, _ allowed: inout MethodSet) -> Int32 {
        guard endpoint >= 0 else { return -1 }
        let routes = endpoints.base + Int(endpoint)
        var route = routes[Int(method.rawValue)]
        if route < 0, method == .head { route = routes[Int(Method.get.rawValue)] }
        if route < 0 {
            for other in Method.allCases where routes[Int(other.rawValue)] >= 0 {
                allowed.insert(MethodSet(other))
            }
        }
        return route
    }

    @inline(__always)
    private func child(of parent: Int, named name: UnsafeRawBufferPointer) -> Int32 {
        // The table's size is a power of two and at most half of it is taken, so that the search ends.
        let mask = slots.count - 1
        var place = Self.hash(parent, name) & mask
        while true {
            let slot = slots.base[place]
            if slot.child < 0 { return -1 }
            if slot.parent == Int32(truncatingIfNeeded: parent), Int(slot.count) == name.count {
                let bytes = UnsafeRawPointer(text.base + Int(slot.start))
                if name.isEqual(to: bytes) { return slot.child }
            }
            place = (place + 1) & mask
        }
    }

    /// Eight bytes a step; not keyed, for nothing that a client sends is ever put into the table.
    @inline(__always)
    static func hash(_ parent: Int, _ name: UnsafeRawBufferPointer) -> Int {
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var hash = (UInt64(truncatingIfNeeded: parent) &+ UInt64(name.count) << 32) &* factor
        var index = 0
        while index + 8 <= name.count {
            hash = (hash ^ name.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* factor
            hash ^= hash >> 32
            index += 8
        }
        var tail: UInt64 = 0
        while index < name.count {
            tail = tail << 8 | UInt64(name[index])
            index += 1
        }
        hash = (hash ^ tail) &* factor
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & 0x7FFF_FFFF)
    }
}
