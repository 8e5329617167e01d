namespace Holoflow.Slurm;

/// <summary>A node as a partition sees it.</summary>
/// <param name="Name">The node.</param>
/// <param name="State">Slurm's word for its state, e.g. <c>idle</c>, <c>down*</c>.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Cores">Its CPUs.</param>
/// <param name="MemoryMiB">Its memory.</param>
/// <param name="Reason">Why it is out of service.</param>
public sealed record Node(string Name, string State, string Partition, int Cores, long MemoryMiB, string Reason);

/// <summary>A version of Slurm, e.g. 22.05.8.</summary>
public readonly record struct SlurmVersion(int Year, int Month) : IComparable<SlurmVersion>
{
    /// <summary>The first whose JSON holds what was asked for alone.</summary>
    public static SlurmVersion JsonOfOneUser { get; } = new(23, 2);

    /// <summary>Reads <c>slurm 23.11.4</c> or <c>slurm-wlm 22.05.8</c>; null where it is neither.</summary>
    public static SlurmVersion? Parse(string text) =>
        text.Trim().Split(' ') is [.., var number] && number.Split('.') is [var year, var month, ..] && int.TryParse(year, out var y) && int.TryParse(month, out var m) ? new(y, m) : null;

    public int CompareTo(SlurmVersion other) => (Year, Month).CompareTo((other.Year, other.Month));
}

/// <summary>What scontrol and sinfo print.</summary>
static class SiteText
{
    const char FieldEnd = '\x1f';

    public static string NodeFormat { get; } = string.Join(FieldEnd, "%N", "%T", "%R", "%c", "%m", "%E");

    public static IReadOnlyList<Node> Nodes(string output) =>
    [
        .. output.Split('\n').Select(line => line.Split(FieldEnd)).Where(fields => fields.Length >= 6)
            .Select(f => new Node(f[0], f[1], f[2], int.TryParse(f[3].TrimEnd('+'), out var cores) ? cores : 0, long.TryParse(f[4].TrimEnd('+'), out var memory) ? memory : 0, f[5])),
    ];

    public static IReadOnlyDictionary<string, string> Configuration(string output) =>
        output.Split('\n').Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0].Trim(), StringComparer.Ordinal).ToDictionary(pair => pair.Key, pair => pair.First()[1].Trim(), StringComparer.Ordinal);
}
