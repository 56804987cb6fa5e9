import Manifests
import WireProtocol

/// Gathers the routes of all versions for a trie.
struct RouteTrieBuilder {
    private static let methodCount = Method.allCases.count
    private(set) var nodes: [RouteTrie.Node] = []
    private(set) var endpoints: [Int32] = []
    /// For each node its literal children. Keyed by bytes: texts that Unicode holds for equal are different paths.
    private var children: [[[UInt8]: Int32]] = []

    /// Begins another version; returns its root.
    mutating func addRoot() -> Int { Int(addNode()) }

    /// Adds a route; of two that no request can tell apart the first stays.
    mutating func add(_ segments: [RoutePattern.Segment], _ method: Method, route: Int, root: Int) {
        var node = root
        var endpoint: Int32?
        for segment in segments {
            switch segment {
            case .literal(let name):
                let bytes = Array(name.utf8)
                let child = children[node][bytes] ?? addNode()
                children[node][bytes] = child
                node = Int(child)
            case .parameter:
                if nodes[node].parameter < 0 {
                    let child = addNode()
                    nodes[node].parameter = child
                }
                node = Int(nodes[node].parameter)
            case .rest:
                if nodes[node].rest < 0 { nodes[node].rest = addEndpoint() }
                endpoint = nodes[node].rest
            }
        }
        if endpoint == nil, nodes[node].endpoint < 0 { nodes[node].endpoint = addEndpoint() }
        let place = Int(endpoint ?? nodes[node].endpoint) + Int(method.rawValue)
        if endpoints[place] < 0 { endpoints[place] = Int32(route) }
    }

    /// The hash table of literal children and the text of their names; at most half of its slots are taken.
    func table() -> (slots: [RouteTrie.Slot], text: [UInt8]) {
        let count = children.reduce(0) { $0 + $1.count }
        var capacity = 4
        while capacity < count * 2 + 1 { capacity *= 2 }
        var slots = [RouteTrie.Slot](repeating: RouteTrie.Slot(), count: capacity)
        var text: [UInt8] = []
        for (parent, literals) in children.enumerated() {
            for (name, child) in literals {
                let start = text.count
                text += name
                var place = name.withUnsafeBytes { RouteTrie.hash(parent, $0) } & (capacity - 1)
                while slots[place].child >= 0 { place = (place + 1) & (capacity - 1) }
                slots[place] = RouteTrie.Slot(
                    parent: Int32(parent), child: child, start: Int32(start), count: Int32(name.count))
            }
        }
        return (slots, text)
    }

    private mutating func addNode() -> Int32 {
        nodes.append(RouteTrie.Node())
        children.append([:])
        return Int32(nodes.count - 1)
    }

    private mutating func addEndpoint() -> Int32 {
        endpoints.append(contentsOf: repeatElement(-1, count: Self.methodCount))
        return Int32(endpoints.count - Self.methodCount)
    }
}
