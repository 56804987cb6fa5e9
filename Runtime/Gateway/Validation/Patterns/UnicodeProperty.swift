/// The sets that `\p{…}` names: general categories by their short and long names, and some binary properties.
///
/// Scripts are not known, since the standard library has no table of them.
enum UnicodeProperty {
    /// The set of a property as it stands between the braces; nil for one that is not known.
    static func set(_ name: String) -> ScalarSet? {
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            guard parts[0] == "General_Category" || parts[0] == "gc" else { return nil }
            return category(String(parts[1]))
        }
        return category(name) ?? binary(name)
    }

    private static func category(_ name: String) -> ScalarSet? {
        if let short = longNames[name], let categories = categories[short] { return set(of: categories) }
        return categories[name].map { set(of: $0) }
    }

    private static func set(of categories: [Unicode.GeneralCategory]) -> ScalarSet {
        let wanted = Set(categories)
        var ranges = runs.filter { wanted.contains($0.category) }.map(\.range)
        if wanted.contains(.surrogate) { ranges.append(0xD800...0xDFFF) }
        return ScalarSet(ranges)
    }

    private static func binary(_ name: String) -> ScalarSet? {
        switch name {
        case "Any": .all
        case "ASCII": ScalarSet([0...0x7F])
        case "Alphabetic", "Alpha": scan(\.isAlphabetic)
        case "Uppercase", "Upper": scan(\.isUppercase)
        case "Lowercase", "Lower": scan(\.isLowercase)
        case "White_Space", "space": scan(\.isWhitespace)
        case "ID_Start", "IDS": scan(\.isIDStart)
        case "ID_Continue", "IDC": scan(\.isIDContinue)
        case "XID_Start", "XIDS": scan(\.isXIDStart)
        case "XID_Continue", "XIDC": scan(\.isXIDContinue)
        case "Math": scan(\.isMath)
        case "Dash": scan(\.isDash)
        case "Hex_Digit", "Hex": scan(\.isHexDigit)
        case "ASCII_Hex_Digit", "AHex": scan(\.isASCIIHexDigit)
        case "Diacritic", "Dia": scan(\.isDiacritic)
        case "Ideographic", "Ideo": scan(\.isIdeographic)
        case "Emoji": scan(\.isEmoji)
        case "Emoji_Presentation", "EPres": scan(\.isEmojiPresentation)
        case "Emoji_Modifier", "EMod": scan(\.isEmojiModifier)
        case "Default_Ignorable_Code_Point", "DI": scan(\.isDefaultIgnorableCodePoint)
        default: nil
        }
    }

    /// Planes 4 to 13 hold nothing, 15 and 16 hold scalars for private use, all alike but the last two of each.
    private static let scanned: [ClosedRange<UInt32>] = [0...0xD7FF, 0xE000...0x3FFFF, 0xE0000...0xE0FFF]

    private static func scan(_ holds: (Unicode.Scalar.Properties) -> Bool) -> ScalarSet {
        var ranges: [ClosedRange<UInt32>] = []
        for part in scanned {
            for value in part {
                guard let scalar = Unicode.Scalar(value), holds(scalar.properties) else { continue }
                if let last = ranges.last, last.upperBound + 1 == value {
                    ranges[ranges.count - 1] = last.lowerBound...value
                } else {
                    ranges.append(value...value)
                }
            }
        }
        return ScalarSet(ranges)
    }

    /// Ranges of one category each, made when the first pattern needs them.
    private static let runs: [(range: ClosedRange<UInt32>, category: Unicode.GeneralCategory)] = {
        var runs: [(range: ClosedRange<UInt32>, category: Unicode.GeneralCategory)] = []
        for part in scanned {
            for value in part {
                guard let category = Unicode.Scalar(value)?.properties.generalCategory else { continue }
                if let last = runs.last, last.category == category, last.range.upperBound + 1 == value {
                    runs[runs.count - 1].range = last.range.lowerBound...value
                } else {
                    runs.append((value...value, category))
                }
            }
        }
        runs.append((0x40000...0xDFFFF, .unassigned))
        runs.append((0xE1000...0xEFFFF, .unassigned))
        for plane: UInt32 in [0xF0000, 0x100000] {
            runs.append((plane...(plane + 0xFFFD), .privateUse))
            runs.append(((plane + 0xFFFE)...(plane + 0xFFFF), .unassigned))
        }
        return runs
    }()

    private static let categories: [String: [Unicode.GeneralCategory]] = [
        "L": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter],
        "LC": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter],
        "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter], "Lt": [.titlecaseLetter], "Lm": [.modifierLetter],
        "Lo": [.otherLetter],
        "M": [.nonspacingMark, .spacingMark, .enclosingMark],
        "Mn": [.nonspacingMark], "Mc": [.spacingMark], "Me": [.enclosingMark],
        "N": [.decimalNumber, .letterNumber, .otherNumber],
        "Nd": [.decimalNumber], "Nl": [.letterNumber], "No": [.otherNumber],
        "P": [
            .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation,
        ],
        "Pc": [.connectorPunctuation], "Pd": [.dashPunctuation], "Ps": [.openPunctuation],
        "Pe": [.closePunctuation], "Pi": [.initialPunctuation], "Pf": [.finalPunctuation],
        "Po": [.otherPunctuation],
        "S": [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol],
        "Sm": [.mathSymbol], "Sc": [.currencySymbol], "Sk": [.modifierSymbol], "So": [.otherSymbol],
        "Z": [.spaceSeparator, .lineSeparator, .paragraphSeparator],
        "Zs": [.spaceSeparator], "Zl": [.lineSeparator], "Zp": [.paragraphSeparator],
        "C": [.control, .format, .surrogate, .privateUse, .unassigned],
        "Cc": [.control], "Cf": [.format], "Cs": [.surrogate], "Co": [.privateUse], "Cn": [.unassigned],
    ]

    private static let longNames = [
        "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
        "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M",
        "Combining_Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me",
        "Number": "N", "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No",
        "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd",
        "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
        "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm",
        "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z",
        "Space_Separator": "Zs", "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Other": "C",
        "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co",
        "Unassigned": "Cn",
    ]
}
