using System.Security.Cryptography;

namespace Holoflow.HolographyFlow.Observations;

/// <summary>A copied file.</summary>
/// <param name="Path">Relative to the staged folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Of its contents, as read from the source.</param>
sealed record StagedFile(string Path, long Bytes, string Sha256);

/// <summary>
/// H1: copies MeasurementSets beside the others. A MeasurementSet appears under its name when it is whole, and one that is there with the same files and
/// sizes is not copied again.
/// </summary>
static class Staging
{
    /// <summary>Copies one MeasurementSet.</summary>
    /// <exception cref="InputException">Another one of that name lies there.</exception>
    public static async Task<StagedFile[]> CopyAsync(string source, string target, CancellationToken cancellation)
    {
        if (Directory.Exists(target))
        {
            if (Sizes(source).SequenceEqual(Sizes(target)))
                return [];
            throw new InputException([$"{target} is there already and differs from {source}: remove one of them"]);
        }
        var partial = target + ".partial";
        if (Directory.Exists(partial))
            Directory.Delete(partial, recursive: true);
        var staged = new List<StagedFile>();
        try
        {
            foreach (var file in Files(source))
                staged.Add(await CopyFile(Path.Combine(source, file), Path.Combine(partial, file), file, cancellation));
            Directory.Move(partial, target);
        }
        catch
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
            throw;
        }
        return [.. staged];
    }

    static async Task<StagedFile> CopyFile(string from, string to, string relative, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var input = File.OpenRead(from);
        await using var output = File.Create(to);
        var buffer = new byte[1 << 20];
        var bytes = 0L;
        for (int count; (count = await input.ReadAsync(buffer, cancellation)) > 0; bytes += count)
        {
            hash.AppendData(buffer.AsSpan(0, count));
            await output.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
        return new StagedFile(relative, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);

    static IEnumerable<(string, long)> Sizes(string folder) => Files(folder).Select(file => (file, new FileInfo(Path.Combine(folder, file)).Length));
}
