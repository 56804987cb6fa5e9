extension ShapeChecker {
    /// Reports a key that is not in the table, with the key that was probably meant (which it returns), or
    /// where it belongs.
    func unknown(_ pair: Tree.Pair, _ record: Record, _ place: Place) -> String? {
        let key = pair.key
        let known = record.fields.map(\.name)
        if place.path == "function", place.key == "defaults", key == "route" || key == "routes" {
            problems.error(
                pair.keyPosition, "`\(key)` cannot be in `defaults`: every function has its own",
                fix: "move it into a function")
            return nil
        }
        if let section = MisplacedKeys.section(of: key, at: place.path),
            let field = record.field(section)?.shape.keys?.field(key)
        {
            let inner = "\(section): {\(key): \(Shape.inFlow(field.example))}"
            let example = place.path == "auth" ? "auth: {\(inner)}" : inner
            problems.error(
                pair.keyPosition, "unknown key `\(key)`", fix: "put it under `\(section)`: `\(example)`")
            return section
        }
        let offered = known.filter { !allowance.refuses(place.path.isEmpty ? $0 : place.path + "." + $0) }
        if let near = Similarity.nearest(to: key, among: offered) ?? Similarity.nearest(to: key, among: known) {
            problems.error(
                pair.keyPosition, "unknown key `\(key)`: did you mean `\(near)`?", fix: "write `\(near)`")
            return near
        }
        let fix: String
        if !place.path.hasPrefix("function"), KeyTable.function.field(key) != nil,
            !allowance.refuses("function." + key)
        {
            fix = "put it under `defaults` or into a function"
        } else if place.path.hasPrefix("function"), KeyTable.manifest.field(key) != nil,
            !allowance.refuses(key)
        {
            fix = "put it at the top level, without indentation"
        } else {
            fix = "remove it; the keys here are \(offered.joined(separator: ", "))"
        }
        problems.error(pair.keyPosition, "unknown key `\(key)`", fix: fix)
        return nil
    }
}
