using System.Text.Json;
using Holoflow.Cli.Entrypoints;
using Holoflow.RunProtocol;
using Holoflow.RunProtocol.Parameters;
using Holoflow.Servers;

namespace Holoflow.Cli.Tests.Entrypoints;

public sealed class EntrypointTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_may_hold_colons()
    {
        var plain = _folder.Write("a.sh", "");
        var colons = _folder.Write("b:c", "");
        Assert.Equal(new Entrypoint(plain, null), Entrypoint.Parse(plain));
        Assert.Equal(new Entrypoint(plain, "Main"), Entrypoint.Parse($"{plain}:Main"));
        Assert.Equal(new Entrypoint(colons, null), Entrypoint.Parse(colons));
        Assert.Equal(new Entrypoint(colons, "Flows.Run"), Entrypoint.Parse($"{colons}:Flows.Run"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/no/such/Program.dll", "neither does its folder")]
    [InlineData("/tmp", "is a folder")]
    public void What_is_no_program_is_refused(string text, string message) => Refused(() => Entrypoint.Parse(text), message);

    [Fact]
    public void Source_code_is_refused_with_what_to_do() => Refused(() => Entrypoint.Parse(_folder.Write("A.csproj", "<Project/>")), "build it");

    [Fact]
    public void A_slip_in_the_name_is_answered_with_what_is_there()
    {
        _folder.Write("Program.runtimeconfig.json", "{}");
        Refused(() => Entrypoint.Parse(_folder.In("Progam.dll")), "did you mean 'Program.dll'?");
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_refused() =>
        Refused(() => ProgramFile.Identify(Entrypoint.Parse(_folder.Write("a.dll", "not an assembly"))), "not a .NET program");

    [Fact]
    public void A_library_is_refused() =>
        Refused(() => ProgramFile.Identify(Entrypoint.Parse(typeof(ParameterSchema).Assembly.Location)), "is a library, not a program");

    [Fact]
    public void A_file_without_execute_permission_is_refused() =>
        Refused(() => ProgramFile.Identify(Entrypoint.Parse(_folder.Write("run.sh", "#!/bin/sh\n"))), "chmod +x");

    [Fact]
    public async Task A_program_that_describes_nothing_is_refused_with_what_it_said()
    {
        var refusal = await Assert.ThrowsAsync<CommandException>(() => Lookup().Find(Script("echo no such thing >&2; exit 3"), TestContext.Current.CancellationToken));
        Assert.Contains("ended with exit code 3", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("no such thing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_ended()
    {
        var pid = _folder.In("pid");
        var describer = new ProgramDescriber(TimeSpan.FromMilliseconds(500));
        var entrypoint = Entrypoint.Parse(Script($"echo $$ > {pid}; exec sleep 60"));
        var refusal = await Assert.ThrowsAsync<CommandException>(() => describer.Describe(entrypoint, TestContext.Current.CancellationToken));
        Assert.Contains("still running", refusal.Message, StringComparison.Ordinal);
        if (File.Exists(pid) && File.ReadAllText(pid).Trim() is { Length: > 0 } started)
            Assert.False(LivingProcess.Is(started));
    }

    [Fact]
    public async Task A_second_look_starts_no_process_until_the_program_changes()
    {
        var started = _folder.In("started");
        var program = Script(Describing("one", started));
        Assert.Equal("one", (await Lookup().Find(program, TestContext.Current.CancellationToken)).Flow.Name);
        Assert.Equal("one", (await Lookup().Find(program, TestContext.Current.CancellationToken)).Flow.Name);
        Assert.Single(File.ReadAllLines(started));
        _ = Script(Describing("two, changed", started));
        Assert.Equal("two, changed", (await Lookup().Find(program, TestContext.Current.CancellationToken)).Flow.Name);
        Assert.Equal(2, File.ReadAllLines(started).Length);
    }

    [Fact]
    public async Task A_damaged_cache_is_made_again()
    {
        var program = Script(Describing("one", _folder.In("started")));
        await Lookup().Find(program, TestContext.Current.CancellationToken);
        foreach (var file in Directory.EnumerateFiles(_folder.In("home", "cache", "descriptions")))
            File.WriteAllText(file, "{");
        Assert.Equal("one", (await Lookup().Find(program, TestContext.Current.CancellationToken)).Flow.Name);
        Assert.Equal(2, File.ReadAllLines(_folder.In("started")).Length);
    }

    [Fact]
    public void The_method_chooses_the_flow()
    {
        var program = new ProgramDescription([Flow("A"), Flow("Beta")], []);
        Assert.Equal("Beta", FlowLookup.Choose(new Entrypoint("/p.dll", "Beta"), program).Method);
        Refused(() => FlowLookup.Choose(new Entrypoint("/p.dll", "Bta"), program), "has no flow method 'Bta'; its flows are A, Beta; did you mean 'Beta'?");
        Refused(() => FlowLookup.Choose(new Entrypoint("/p.dll", null), program), "has several flows; name one: p.dll:A, p.dll:Beta");
        Refused(() => FlowLookup.Choose(new Entrypoint("/p.dll", null), new ProgramDescription([], [])), "has no flow");
        Refused(() => FlowLookup.Choose(new Entrypoint("/p.dll", null), new ProgramDescription([], ["A is not static", "B has no name"])), "A is not static; B has no name");
    }

    static FlowDescription Flow(string method) => new() { Method = method, Name = method.ToLowerInvariant(), ParameterSchema = ParameterSchema.Empty };

    FlowLookup Lookup() => FlowLookup.In(_folder.In("home"));

    string Script(string body)
    {
        var path = Path.Combine(_folder.Path, "program");
        ExecutableFile.Write(path, $"#!/bin/sh\n{body}\n");
        return path;
    }

    static string Describing(string flow, string started) =>
        $$$"""
        echo started >> {{{started}}}
        cat > "$HOLOFLOW_DESCRIBE_TO" <<'END'
        {"flows":[{"method":"Run","name":{{{JsonSerializer.Serialize(flow)}}},"parameterSchema":{"type":"object"}}],"mistakes":[]}
        END
        """;

    static void Refused(Action action, string message)
    {
        var refusal = Assert.Throws<CommandException>(action);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadInput, refusal.ExitCode);
    }
}
