using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Products;

/// <summary>What became of one product.</summary>
/// <param name="Path">The installed file.</param>
/// <param name="Action">installed, replaced, or unchanged.</param>
sealed record InstalledProduct(string Path, string Action);

/// <summary>
/// H16: puts products into the beam folder. All are looked at before any is written: one that differs from an installed file of its name refuses the
/// lot, an identical one is left alone (defect 15). Each appears whole, by its rename.
/// </summary>
static class Installation
{
    /// <summary>Installs.</summary>
    /// <param name="products">The files.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="replace">Whether installed files that differ are replaced.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="InputException">Installed files differ; the message names them all.</exception>
    public static async Task<InstalledProduct[]> InstallAsync(IReadOnlyList<string> products, string folder, bool replace, CancellationToken cancellation)
    {
        var planned = new List<(string Product, string Target, string Action)>();
        foreach (var product in products)
        {
            var target = Path.Combine(folder, Path.GetFileName(product));
            planned.Add((product, target, !File.Exists(target) ? "installed" : await AreSame(product, target, cancellation) ? "unchanged" : "replaced"));
        }
        if (!replace && planned.Where(p => p.Action == "replaced").Select(p => p.Target).ToArray() is { Length: > 0 } differing)
            throw new InputException([$"{string.Join(", ", differing)} {(differing.Length == 1 ? "is" : "are")} installed already and {(differing.Length == 1 ? "differs" : "differ")}; nothing was installed. Move them away, or give replaceInstalled"]);
        foreach (var (product, target, action) in planned.Where(p => p.Action != "unchanged"))
            await Place(product, target, overwrite: action == "replaced", cancellation);
        return [.. planned.Select(p => new InstalledProduct(p.Target, p.Action))];
    }

    static async Task Place(string product, string target, bool overwrite, CancellationToken cancellation)
    {
        var partial = target + ".partial";
        try
        {
            await using (var from = File.OpenRead(product))
            await using (var to = File.Create(partial))
            {
                await from.CopyToAsync(to, 1 << 20, cancellation);
                to.Flush(flushToDisk: true);
            }
            File.Move(partial, target, overwrite);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    static async Task<bool> AreSame(string one, string other, CancellationToken cancellation)
    {
        if (new FileInfo(one).Length != new FileInfo(other).Length)
            return false;
        await using var first = File.OpenRead(one);
        await using var second = File.OpenRead(other);
        var (a, b) = (new byte[1 << 20], new byte[1 << 20]);
        while (true)
        {
            var count = await first.ReadAtLeastAsync(a, a.Length, throwOnEndOfStream: false, cancellation);
            if (count == 0)
                return true;
            await second.ReadExactlyAsync(b.AsMemory(0, count), cancellation);
            if (!a.AsSpan(0, count).SequenceEqual(b.AsSpan(0, count)))
                return false;
        }
    }
}
