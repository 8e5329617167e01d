using System.ComponentModel;
using System.Diagnostics;

namespace Holoflow.Slurm.Calls;

/// <summary>Runs the commands themselves, as processes of this machine.</summary>
/// <param name="time">The clock of the time limit.</param>
/// <param name="limit">How long a command may take; Slurm's own time-outs of 10 s and more are below it by default.</param>
/// <param name="environment">What is added to the environment of every command, e.g. SLURM_CONF.</param>
/// <param name="directory">Where the commands are looked for before PATH.</param>
public sealed class CommandCalls(TimeProvider time, TimeSpan? limit = null, IReadOnlyDictionary<string, string?>? environment = null, string? directory = null) : ISlurmCalls
{
    static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(90);

    public async Task<SlurmAnswer> Run(SlurmCall call, CancellationToken cancellation)
    {
        using var process = new Process { StartInfo = Information(call) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new(null, "", $"{call.Program} cannot be started: {e.Message}", NotFound: true);
        }

        process.StandardInput.Close();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = time.CreateTimer(_ => ended.Cancel(), null, limit ?? DefaultLimit, Timeout.InfiniteTimeSpan);
        var output = process.StandardOutput.ReadToEndAsync(ended.Token);
        var errors = process.StandardError.ReadToEndAsync(ended.Token);
        try
        {
            await Task.WhenAll(output, errors, process.WaitForExitAsync(ended.Token));
            return new(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            return new(null, "", $"{call.Program} did not answer within {(limit ?? DefaultLimit).TotalSeconds} s");
        }
    }

    ProcessStartInfo Information(SlurmCall call)
    {
        foreach (var argument in call.Arguments)
            SlurmText.Require(argument, $"an argument of {call.Program}");
        var own = directory is null ? null : Path.Combine(directory, call.Program);
        var information = new ProcessStartInfo(own is not null && File.Exists(own) ? own : call.Program, call.Arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
            information.Environment[name] = value;
        SlurmEnvironment.Prepare(information.Environment, call.Environment);
        return information;
    }
}
