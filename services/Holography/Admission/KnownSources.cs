namespace Holoflow.HolographyFlow.Admission;

/// <summary>What is known of a source's structure on the array's baselines.</summary>
enum SourceStructure
{
    Unknown,
    PointLike,
    Resolved,
}

/// <summary>The sources that holography observes, by the names that FIELD tables give them. HOLOGRAPHY section 1.</summary>
static class KnownSources
{
    static readonly string[] Resolved = ["virgo", "virgoa", "m87", "3c274", "taurusa", "3c144", "fornaxa", "herculesa", "3c348", "hydraa", "pictora"];
    static readonly string[] PointLike = ["pksb0407658", "pks0407658", "0407658", "pksb1934638", "pks1934638", "1934638"];

    public static SourceStructure StructureOf(string name)
    {
        var plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Resolved.Contains(plain, StringComparer.Ordinal) ? SourceStructure.Resolved
            : PointLike.Contains(plain, StringComparer.Ordinal) ? SourceStructure.PointLike
            : SourceStructure.Unknown;
    }
}
