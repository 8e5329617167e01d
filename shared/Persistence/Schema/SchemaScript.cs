using System.Globalization;

namespace Holoflow.Persistence.Schema;

/// <summary>One numbered script: <c>Schema/sqlite/0001_initial.sql</c> is version 1, "initial".</summary>
sealed record SchemaScript(int Version, string Name, string Resource)
{
    /// <summary>The scripts of a provider, in order.</summary>
    public static IReadOnlyList<SchemaScript> Of(string folder) =>
    [
        .. typeof(SchemaScript).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder + ".", StringComparison.Ordinal))
            .Select(n => (Resource: n, File: n[(folder.Length + 1)..]))
            .Select(n => new SchemaScript(int.Parse(n.File[..4], CultureInfo.InvariantCulture), n.File[5..], n.Resource))
            .OrderBy(s => s.Version),
    ];

    public string Read()
    {
        using var stream = typeof(SchemaScript).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>The version of a database's schema, and the newest one that this program knows.</summary>
public sealed record SchemaState(int Version, int Newest);
