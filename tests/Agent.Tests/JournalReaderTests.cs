using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Holoflow.RunProtocol.Journal;

namespace Holoflow.Agent.Tests;

/// <summary>The journal, read while it is written.</summary>
public sealed class JournalReaderTests : IDisposable
{
    readonly string _path = Path.GetTempFileName();

    static readonly Gen<string> Text = Gen.Elements("", "a", "two\nlines", "\"quoted\"", "\0", "🔭", "\\", "é\u2028").ListOf(3).Select(parts => string.Concat(parts));

    static readonly Gen<Guid> Id = Gen.Choose(1, int.MaxValue).Select(i => new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));

    static readonly Gen<JournalEntry> Entry = Gen.OneOf(
        Text.Select(JournalEntry (t) => new FlowStarted { Attempt = 2, ProcessId = 7, Host = t }),
        Gen.Elements(true, false).Select(JournalEntry (p) => new FlowPauseChanged { Paused = p }),
        Text.Select(JournalEntry (t) => new FlowEnded { Attempt = 1, Type = "Failed", Message = t, Result = JsonSerializer.SerializeToElement(t) }),
        from id in Id from t in Text select (JournalEntry)new NestedRunCreated { NestedRun = id, FlowName = t, RunName = t, Parameters = JsonSerializer.SerializeToElement(new { t }), Tags = [t], Run = id },
        from id in Id from t in Text select (JournalEntry)new NestedRunChanged { NestedRun = id, Type = "Running", Name = t },
        from id in Id from t in Text from i in Gen.Choose(1, 9) select (JournalEntry)new TaskCreated { Task = id, Key = t, TaskName = t, RunName = t, Description = t, MapIndex = i, Tags = [t], Inputs = [new TaskInput(id, t)] },
        from id in Id from t in Text from i in Gen.Choose(0, 9) select (JournalEntry)new TaskChanged { Task = id, Type = "Running", Message = t, RunCount = i },
        from t in Text from f in Gen.Choose(1, 99) select (JournalEntry)new Progressed { Fraction = f / 100.0, Count = f, Total = 100, Message = t, SecondsLeft = f },
        from id in Id from t in Text from l in Gen.Elements(Enum.GetValues<LogLevel>()) select (JournalEntry)new Logged { Task = id, Level = l, Message = t, Fields = new Dictionary<string, JsonElement> { [t] = JsonSerializer.SerializeToElement(t) } },
        from t in Text from i in Gen.Choose(0, 9) select (JournalEntry)new AllocationChanged { Key = t, ArrayIndex = i, Cluster = t, JobId = i, Phase = "Running", State = t, Message = t, Node = t, ExpectedAt = DateTimeOffset.UnixEpoch.AddHours(i), Partition = t, Tasks = [.. Enumerable.Range(0, i % 3).Select(_ => Guid.CreateVersion7())] },
        from id in Id from t in Text select (JournalEntry)new ArtifactMade { Artifact = id, Key = t, Type = "table", Title = t, Data = JsonSerializer.SerializeToElement(new[] { t }) });

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_entry_is_read_as_the_format_describes_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(Entry.ToArbitrary(), entry =>
        {
            var written = entry with { Sequence = 5, At = DateTimeOffset.UnixEpoch };
            File.WriteAllText(_path, Json(written) + "\n");
            using var reader = new JournalReader(_path);
            return Json(reader.Next()!.Value.Entry!) == Json(written);
        }));

    [Fact]
    public void Half_a_line_waits_for_its_end()
    {
        using var reader = new JournalReader(_path);
        Assert.Null(reader.Next());
        Write("""{"n":1}""" + "\n" + """{"n":""");
        Assert.Equal(1, reader.Next()!.Value.Entry!.Sequence);
        Assert.Null(reader.Next());
        Assert.Equal(5, reader.Torn);
        Write("2}\n");
        Assert.Equal((2, 8), (reader.Next()!.Value.Entry!.Sequence, reader.Offset - 8));
        Assert.Equal(0, reader.Torn);
    }

    [Fact]
    public void Reading_goes_on_from_an_offset()
    {
        Write("{\"n\":1}\n{\"n\":2}\n");
        using var first = new JournalReader(_path);
        first.Next();
        using var second = new JournalReader(_path, first.Offset, first.LastSequence);
        Assert.Equal(2, second.Next()!.Value.Entry!.Sequence);
    }

    [Theory]
    [InlineData("nonsense", "is not a journal entry")]
    [InlineData("", "is not a journal entry")]
    [InlineData("null", "is not an object")]
    [InlineData("{}", "no sequence number")]
    [InlineData("""{"n":1}""", "sequence 1 comes after 1")]
    [InlineData("""{"n":2,"k":"state","type":"Running"}""", "\"task\" is missing")]
    [InlineData("""{"n":2,"k":"state","task":"x","type":"Running"}""", "\"task\" is not an id")]
    [InlineData("""{"n":2,"k":"log","level":"Loud","message":""}""", "\"level\" is no log level")]
    [InlineData("""{"n":2,"k":"log","level":"Trace","message":"\ud800"}""", "valid")]
    [InlineData("""{"n":2,"t":"yesterday"}""", "\"t\" is not a time")]
    public void A_faulty_line_is_named_and_passed_over(string line, string fault)
    {
        Write("{\"n\":1}\n" + line + "\n{\"n\":3}\n");
        using var reader = new JournalReader(_path);
        reader.Next();
        var faulty = reader.Next()!.Value;
        Assert.Null(faulty.Entry);
        Assert.Contains(fault, faulty.Fault, StringComparison.Ordinal);
        Assert.Equal(3, reader.Next()!.Value.Entry!.Sequence);
    }

    [Fact]
    public void A_line_without_end_is_not_held_in_memory()
    {
        Write("{\"n\":1}\n");
        using (var file = new FileStream(_path, FileMode.Append))
        {
            var block = Encoding.ASCII.GetBytes(new string('x', 1024 * 1024));
            for (var i = 0; i < 64; i++)
                file.Write(block);
        }

        Write("\n{\"n\":2}\n");
        using var reader = new JournalReader(_path);
        reader.Next();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("longer than", reader.Next()!.Value.Fault, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5 * JournalReader.LongestLine);
        Assert.Equal(2, reader.Next()!.Value.Entry!.Sequence);
    }

    void Write(string text) => File.AppendAllText(_path, text);

    static string Json(JournalEntry entry) => JsonSerializer.Serialize(entry, JournalFormat.Default.JournalEntry);
}
