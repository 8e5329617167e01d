using System.CommandLine;
using System.Text.Json.Serialization;
using Holoflow.Cli.Output;
using Holoflow.Slurm.Profiles;

namespace Holoflow.Cli.Commands.Clusters;

/// <summary>A cluster profile as <c>cluster ls --json</c> shows it.</summary>
sealed record ClusterRow(string Name, string? Partition, int? Cores, int? Processes, long? MemoryMiB, string? Walltime, int? MaximumAllocations, string? Mistake);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ClusterRow))]
sealed partial class ClusterRowFormat : JsonSerializerContext;

static class ListClusters
{
    static readonly Column<ClusterRow>[] Columns =
    [
        new("Profile", p => p.Name),
        new("Partition", p => p.Partition ?? "-"),
        new("Cores", p => $"{p.Cores}"),
        new("Tasks", p => $"{p.Processes}"),
        new("Memory", p => p.MemoryMiB is { } memory ? $"{memory} MiB" : "-"),
        new("Walltime", p => p.Walltime ?? "-"),
        new("Allocations", p => $"{p.MaximumAllocations}"),
        new("", p => p.Mistake ?? "", MayShrink: true),
    ];

    public static Command Create()
    {
        var json = CommonOptions.Json();
        return new Command("ls", "List the cluster profiles.") { json }.Does(async context =>
        {
            var files = ClusterCommands.Files(context);
            var rows = new List<ClusterRow>();
            foreach (var name in files.Names)
                rows.Add(await Row(files, name, context.Cancellation));
            if (context.Value(json))
                await Listing.JsonRows(rows, ClusterRowFormat.Default.ClusterRow);
            else
                Listing.Table(context.Output, Columns, rows, $"no cluster profiles: write one as {Path.Combine(files.Directory, "NAME.yaml")}, or 'holoflow cluster import' one of dask-jobqueue");
            return ExitCodes.Done;
        });
    }

    static async Task<ClusterRow> Row(ProfileFiles files, string name, CancellationToken cancellation)
    {
        try
        {
            var p = await files.Read(name, cancellation);
            return new(name, p.Partition, p.Cores, p.Processes, p.MemoryMiB, p.Walltime?.ToString(), p.MaximumAllocations, null);
        }
        catch (ProfileException e)
        {
            return new(name, null, null, null, null, null, null, string.Join("; ", e.Faults));
        }
    }
}
