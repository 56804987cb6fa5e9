extension SchemaCompiler {
    /// Finds schemas that lead back to themselves without going into the value: such a check would not end.
    ///
    /// A `$dynamicRef` that more than one resource may decide is left out; a run bounds its depth.
    mutating func findLoops() {
        enum Mark { case open, done }
        var marks: [Int32: Mark] = [:]
        for start in tables.nodes.indices where marks[Int32(start)] == nil {
            // Each entry is a schema and how many of its neighbours were visited.
            var way: [(node: Int32, neighbours: [Int32], visited: Int)] = []
            func enter(_ node: Int32) {
                marks[node] = .open
                way.append((node, neighbours(of: node), 0))
            }
            enter(Int32(start))
            while let top = way.last {
                guard top.visited < top.neighbours.count else {
                    marks[top.node] = .done
                    way.removeLast()
                    continue
                }
                way[way.count - 1].visited += 1
                let next = top.neighbours[top.visited]
                switch marks[next] {
                case .done: continue
                case .open:
                    problem(
                        locations[Int(top.node)], nil, "refers back to itself without end",
                        fix: "let the reference stand below `properties` or `items`, so that it looks at a part")
                case nil: enter(next)
                }
            }
        }
    }

    /// The schemas that are applied to the same value.
    private func neighbours(of node: Int32) -> [Int32] {
        var found: [Int32] = []
        let schema = tables.nodes[Int(node)]
        if schema.applicators != SchemaNode.none {
            let applicators = tables.applicators[Int(schema.applicators)]
            found += [
                applicators.ref, applicators.not, applicators.condition, applicators.then, applicators.otherwise,
            ]
            found += applicators.allOf + applicators.anyOf + applicators.oneOf
            if let dynamic = applicators.dynamic, dynamic.targets.count <= 1 { found.append(dynamic.fallback) }
        }
        if schema.objects != SchemaNode.none {
            found += tables.objects[Int(schema.objects)].dependents.map(\.node)
        }
        return found.filter { $0 != SchemaNode.none }
    }
}
