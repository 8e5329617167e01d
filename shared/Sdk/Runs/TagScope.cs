namespace Holoflow.Sdk;

/// <summary>Tags that everything submitted within a <c>using</c> block gets.</summary>
sealed class TagScope : IDisposable
{
    static readonly AsyncLocal<IReadOnlyList<string>?> Ambient = new();

    readonly IReadOnlyList<string>? _outer = Ambient.Value;

    public TagScope(IEnumerable<string> tags) => Ambient.Value = With([.. tags]);

    public static IReadOnlyList<string> With(IReadOnlyList<string> own) =>
        Ambient.Value is { } ambient ? [.. ambient.Union(own, StringComparer.Ordinal)] : own;

    public void Dispose() => Ambient.Value = _outer;
}
