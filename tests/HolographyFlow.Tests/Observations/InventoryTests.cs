using Holoflow.HolographyFlow.Observations;

namespace Holoflow.HolographyFlow.Tests.Observations;

public sealed class InventoryTests
{
    [Fact]
    public void MeasurementSets_are_sorted_by_the_number_of_their_beam()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a_10.ms", "a_9.ms", "b_2.ms", "a_2.ms", "notes.ms", "a_1.ms.partial" })
            Directory.CreateDirectory(folder.File(name));
        var inventory = InventoryTaking.Take(folder.Path);
        Assert.Equal([2, 2, 9, 10], inventory.Files.Select(file => file.Beam));
        Assert.Equal(["a_2.ms", "b_2.ms"], inventory.Files.Take(2).Select(file => Path.GetFileName(file.Path)));
        Assert.Equal("notes.ms", Path.GetFileName(Assert.Single(inventory.Ignored)));
    }

    [Fact]
    public void A_fingerprint_changes_with_the_files()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(Directory.CreateDirectory(folder.File("a_0.ms")).FullName, "table.dat");
        File.WriteAllText(file, "one");
        var before = InventoryTaking.Take(folder.Path).Files[0].Fingerprint;
        Assert.Equal(before, InventoryTaking.Take(folder.Path).Files[0].Fingerprint);
        File.WriteAllText(file, "three");
        Assert.NotEqual(before, InventoryTaking.Take(folder.Path).Files[0].Fingerprint);
    }

    [Fact]
    public async Task A_staged_MeasurementSet_is_whole_or_not_there()
    {
        using var folder = new TemporaryFolder();
        var source = Path.Combine(Directory.CreateDirectory(folder.File("source_0.ms")).FullName, "table.dat");
        await File.WriteAllTextAsync(source, "contents", TestContext.Current.CancellationToken);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Staging.CopyAsync(folder.File("source_0.ms"), folder.File("target_0.ms"), cancelled.Token));
        Assert.Equal(["source_0.ms"], Directory.GetDirectories(folder.Path).Select(Path.GetFileName));
        var staged = await Staging.CopyAsync(folder.File("source_0.ms"), folder.File("target_0.ms"), TestContext.Current.CancellationToken);
        Assert.Equal("d1b2a59fbea7e20077af9f91b27e95e865061b270be03ff539ab3b73587882e8", Assert.Single(staged).Sha256);
        Assert.Empty(await Staging.CopyAsync(folder.File("source_0.ms"), folder.File("target_0.ms"), TestContext.Current.CancellationToken));
        await File.WriteAllTextAsync(source, "other contents", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<InputException>(() => Staging.CopyAsync(folder.File("source_0.ms"), folder.File("target_0.ms"), TestContext.Current.CancellationToken));
    }
}
