using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.FlowRuns;
using Holoflow.Contracts;

namespace Holoflow.Api.Tests;

/// <summary>One run as a file: what comes back is what went out, and what is no export changes nothing.</summary>
public sealed class ExportTests
{
    const string Import = "/api/flow-runs/import";
    static readonly string[] Tables = ["flow_runs", "flow_run_states", "flow_run_contents", "task_runs", "task_run_states", "task_edges", "progress", "artifacts", "log_lines", "flows"];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_that_is_imported_elsewhere_is_the_one_that_was_exported_byte_for_byte()
    {
        await using var from = await RunningApi.Start();
        await using var into = await RunningApi.Start();
        foreach (var seed in Gen.Sample(Gen.Choose(0, int.MaxValue), 12))
        {
            var run = await Played(from, new Random(seed));
            var archive = await Export(from, run.Id);
            using var imported = await Send(into, archive);
            Assert.True(imported.StatusCode == HttpStatusCode.OK, await imported.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal(Hashes(archive), Hashes(await Export(into, run.Id)));
            foreach (var part in (string[])["", "/history", "/graph?detail=TaskRuns", "/logs?limit=10000", "/artifacts?history=true", "/timeline"])
                Assert.Equal(await Text(from, $"/api/flow-runs/{run.Id}{part}"), await Text(into, $"/api/flow-runs/{run.Id}{part}"));
            Assert.Equal(await File.ReadAllBytesAsync(FileOf(from, run.Id), Cancellation), await File.ReadAllBytesAsync(FileOf(into, run.Id), Cancellation));
        }

        Assert.Equal(await Text(from, "/api/flow-runs/counts"), await Text(into, "/api/flow-runs/counts"));
    }

    [Fact]
    public async Task The_same_run_again_changes_nothing_and_another_one_with_its_id_is_refused()
    {
        await using var from = await RunningApi.Start();
        await using var into = await RunningApi.Start();
        var run = await Played(from, new Random(1), RunReport.Failed);
        var archive = await Export(from, run.Id);
        Assert.True((await Sent(into, archive)).GetProperty("changed").GetBoolean());
        Assert.False((await Sent(into, archive)).GetProperty("changed").GetBoolean());
        await from.Client.FlowRuns.Retry(run.Id, cancellation: Cancellation);
        await from.Client.FlowRuns.Cancel(run.Id, cancellation: Cancellation);
        using var refused = await Send(into, await Export(from, run.Id));
        Assert.Contains("differs from the archive in its flow_run_states", (await refused.Problem(HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Hashes(archive), Hashes(await Export(into, run.Id)));
    }

    [Fact]
    public async Task Only_a_whole_run_that_has_ended_is_exported()
    {
        await using var api = await RunningApi.Start();
        var run = await PlayedRun.Start(api);
        using var open = await api.Get($"/api/flow-runs/{run.Id}/export");
        Assert.Contains("only a run that has ended", (await open.Problem(HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var none = await api.Get($"/api/flow-runs/{Guid.CreateVersion7()}/export");
        _ = await none.Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_archive_that_is_cut_anywhere_is_refused_and_leaves_nothing()
    {
        await using var from = await RunningApi.Start();
        await using var into = await RunningApi.Start();
        var archive = await Export(from, (await Played(from, new Random(2))).Id);
        // The last few bytes hold nothing but the packing's own check.
        const int Check = 64;
        foreach (var length in Gen.Sample(Gen.Choose(0, archive.Length - Check), 20).Append(archive.Length - Check))
            await Refused(into, archive[..length], "");
        await NothingIsThere(into);
    }

    [Fact]
    public async Task A_hostile_archive_is_refused_in_one_line_and_leaves_nothing()
    {
        await using var from = await RunningApi.Start();
        await using var into = await RunningApi.Start();
        var run = await Played(from, new Random(3));
        var good = Entries(await Export(from, run.Id));
        var other = Guid.CreateVersion7();
        (string Says, Func<List<(string Name, byte[] Data)>, IEnumerable<(string Name, byte[] Data)>> Change)[] changes =
        [
            ("none that an export has", all => all.Take(1).Append(("files/../../escaped", "x"u8.ToArray())).Concat(all.Skip(1))),
            ("none that an export has", all => all.Take(1).Append(("rows/../../escaped", "x"u8.ToArray())).Concat(all.Skip(1))),
            ("none that an export has", all => all.Take(1).Append(("/etc/passwd", "x"u8.ToArray())).Concat(all.Skip(1))),
            ("none that an export has", all => all.Take(1).Append(("rows/api_tokens/000000.ndjson", "[]"u8.ToArray())).Concat(all.Skip(1))),
            ("is no artifact's", all => all.Take(1).Append((Name: "files/stray", Data: "x"u8.ToArray())).Concat(all.Skip(1)).Select(e => e.Name == "end.json" ? Edited(e, "\"files\":{", "\"files\":{\"stray\":{\"bytes\":1,\"sha256\":\"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881\"},") : e)),
            ("version 2", all => all.Select(e => e.Name == "holoflow-run.json" ? Edited(e, "\"version\":1", "\"version\":2") : e)),
            ("no export of a run", all => all.Skip(1)),
            ("ends too early", all => all.SkipLast(1)),
            ("comes after its end", all => all.Append(all[1])),
            ("not those that were exported", all => all.Where(e => !e.Name.StartsWith("rows/log_lines/", StringComparison.Ordinal))),
            ("not those that were exported", all => all.Select(e => e.Name.StartsWith("files/", StringComparison.Ordinal) ? (e.Name, "other"u8.ToArray()) : e)),
            ("belong to run", all => all.Select(e => Edited(e, run.Id.ToString(), e.Name.StartsWith("rows/task_runs/", StringComparison.Ordinal) ? other.ToString() : run.Id.ToString()))),
            ("holds what it cannot", all => all.Select(e => e.Name.StartsWith("rows/flow_runs/", StringComparison.Ordinal) ? (e.Name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(e.Data).Replace("\"Completed\"", "7"))) : e)),
            ("an array of", all => all.Select(e => e.Name.StartsWith("rows/artifacts/", StringComparison.Ordinal) ? (e.Name, "[1]\n"u8.ToArray()) : e)),
            ("damaged", all => all.Select(e => e.Name.StartsWith("rows/artifacts/", StringComparison.Ordinal) ? (e.Name, "{{{\n"u8.ToArray()) : e)),
        ];
        foreach (var (says, change) in changes)
            await Refused(into, Pack(change([.. good])), says);
        foreach (var link in (TarEntry[])[new PaxTarEntry(TarEntryType.SymbolicLink, "files/link") { LinkName = "/etc/passwd" }, new PaxTarEntry(TarEntryType.HardLink, "files/hard") { LinkName = "holoflow-run.json" }, new PaxTarEntry(TarEntryType.Directory, "files/dir")])
            await Refused(into, Pack(good.Take(1), link), "which no export holds");
        await Refused(into, Pack(good.Take(1).Append(("files/bomb", new byte[400 * 1024 * 1024]))), "would unpack to more");
        await Refused(into, Encoding.UTF8.GetBytes("not an archive"), "no gzipped tar");
        using var json = await into.Send(HttpMethod.Post, Import, "{}");
        _ = await json.Problem(HttpStatusCode.UnsupportedMediaType);
        await NothingIsThere(into);
    }

    [Fact]
    public async Task What_the_machine_cannot_have_made_is_refused_by_the_store_and_leaves_nothing()
    {
        await using var from = await RunningApi.Start();
        await using var into = await RunningApi.Start();
        var run = await Played(from, new Random(4));
        var good = Entries(await Export(from, run.Id));
        // With sums that fit, as whoever forges one would make them.
        var forged = Pack(Summed(good.Select(e => e.Name.StartsWith("rows/flow_run_states/", StringComparison.Ordinal) ? Edited(e, "\"Pending\"", "\"Cancelling\"") : e)));
        using var refused = await Send(into, forged);
        Assert.Contains("the machine makes no", (await refused.Problem(HttpStatusCode.Conflict)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await NothingIsThere(into);
        Assert.Empty(Directory.Exists(into.RunsDirectory) ? Directory.GetFiles(into.RunsDirectory, "*", SearchOption.AllDirectories) : []);
    }

    static async Task<PlayedRun> Played(RunningApi api, Random random, RunReport end = RunReport.Completed)
    {
        string[] hostile = ["plain", "two\nlines\twith \u001b[31mred", "𝔘nicode \u202e reversed", "'; DROP TABLE runs; --", "<script>alert(1)</script>", "\\u0000 \"quoted\"", new string('x', 70_000)];
        string Any() => hostile[random.Next(hostile.Length)];
        var parameters = JsonSerializer.SerializeToElement(new Dictionary<string, object> { ["text"] = Any(), ["number"] = random.NextDouble(), ["beams"] = random.Next() });
        var run = await PlayedRun.Start(api, "observe", new CreateFlowRun { FlowName = "observe", Program = PlayedRun.Program, Parameters = parameters, Tags = ["night", "schräg"] });
        var tasks = new List<Guid>();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var task = await run.Task("split", [.. tasks.Where(_ => random.Next(2) == 0).Select(t => new TaskEdge(t, Any()[..3]))]);
            tasks.Add(task);
            await run.State(task, "Running");
            await run.Progress(task, random.NextDouble() / 3);
            await run.State(task, random.Next(2) == 0 ? "Completed" : "Failed");
        }

        _ = await run.Artifact("table", "table", new { text = Any(), value = random.NextDouble() });
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(api, run.Id))!);
        var bytes = new byte[random.Next(1, 300_000)];
        random.NextBytes(bytes);
        await File.WriteAllBytesAsync(FileOf(api, run.Id), bytes, Cancellation);
        _ = await run.Artifact("plot", "image", file: "plot.png");
        _ = await run.Artifact("gone", "image", file: "not-here.png");
        for (var i = random.Next(1, 4); i > 0; i--)
            await run.Log([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Any())]);
        await run.Report(end, "done");
        return run;
    }

    static string FileOf(RunningApi api, Guid run) => Path.Combine(api.RunsDirectory, run.ToString(), "artifacts", "plot.png");

    static async Task<byte[]> Export(RunningApi api, Guid run)
    {
        using var file = new MemoryStream();
        await api.Client.FlowRuns.Export(run, file, Cancellation);
        return file.ToArray();
    }

    static async Task<HttpResponseMessage> Send(RunningApi api, byte[] archive)
    {
        using var content = new ByteArrayContent(archive);
        content.Headers.ContentType = new("application/gzip");
        return await api.Http.PostAsync(new Uri(Import, UriKind.Relative), content, Cancellation);
    }

    static async Task<JsonElement> Sent(RunningApi api, byte[] archive)
    {
        using var answer = await Send(api, archive);
        return await answer.Json();
    }

    static async Task Refused(RunningApi api, byte[] archive, string says)
    {
        using var answer = await Send(api, archive);
        var detail = (await answer.Problem(HttpStatusCode.UnprocessableEntity)).GetProperty("detail").GetString()!;
        Assert.StartsWith("the archive is refused: ", detail, StringComparison.Ordinal);
        Assert.Contains(says, detail, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', detail);
    }

    static async Task NothingIsThere(RunningApi api)
    {
        await using var session = await api.Database.OpenReadSession(Cancellation);
        foreach (var table in Tables)
            Assert.Equal(0, session.Number($"SELECT COUNT(*) FROM {table}"));
        Assert.False(File.Exists(Path.Combine(api.Folder, "escaped")));
    }

    static async Task<string> Text(RunningApi api, string path)
    {
        using var answer = await api.Get(path);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    static (string Name, byte[] Data) Edited((string Name, byte[] Data) entry, string from, string to) =>
        entry.Name.StartsWith("files/", StringComparison.Ordinal) ? entry : (entry.Name, Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(entry.Data).Replace(from, to, StringComparison.Ordinal)));

    // The end of an archive whose rows were changed, made anew.
    static IEnumerable<(string Name, byte[] Data)> Summed(IEnumerable<(string Name, byte[] Data)> entries)
    {
        var all = entries.ToList();
        var end = JsonSerializer.Deserialize(all[^1].Data, Exports.ArchiveJson.Default.ArchiveEnd)!;
        var tables = Persistence.Copies.RunTable.All.ToDictionary(t => t.Name, t =>
        {
            var sum = new Persistence.Copies.RowSum();
            foreach (var (_, data) in all.Where(e => e.Name.StartsWith($"rows/{t.Name}/", StringComparison.Ordinal)))
                sum.AddLines(data);
            return new Exports.ArchivedTable(sum.Rows, sum.ToString());
        });
        return all.SkipLast(1).Append(("end.json", JsonSerializer.SerializeToUtf8Bytes(end with { Tables = tables }, Exports.ArchiveJson.Default.ArchiveEnd)));
    }

    static List<(string Name, byte[] Data)> Entries(byte[] archive)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        var entries = new List<(string, byte[])>();
        while (tar.GetNextEntry() is { } entry)
        {
            using var data = new MemoryStream();
            entry.DataStream?.CopyTo(data);
            entries.Add((entry.Name, data.ToArray()));
        }

        return entries;
    }

    static IEnumerable<string> Hashes(byte[] archive) => Entries(archive).Select(e => $"{e.Name} {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(e.Data))}");

    static byte[] Pack(IEnumerable<(string Name, byte[] Data)> entries, TarEntry? last = null)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            foreach (var (name, data) in entries)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(data) });
            if (last is not null)
                tar.WriteEntry(last);
        }

        return packed.ToArray();
    }
}
