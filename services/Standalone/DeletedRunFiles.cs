using Holoflow.RunProtocol;
using Microsoft.Extensions.Logging;

namespace Holoflow.Standalone;

/// <summary>
/// Removes the files of runs that were deleted from the history: what the system wrote, and the artifacts. What a flow wrote into the run's directory itself
/// stays: nobody else knows whether it is a product.
/// </summary>
sealed class DeletedRunFiles(string home, ILogger log)
{
    public void Remove(Guid id)
    {
        var run = new RunDirectory(Path.Combine(home, "runs", id.ToString()));
        // A link is not what an agent made here.
        if (!Directory.Exists(run.Path) || new DirectoryInfo(run.Path).LinkTarget is not null)
            return;
        try
        {
            run.RemoveOwnFiles();
            File.Delete(run.Ended);
            if (Directory.Exists(run.Artifacts))
                Directory.Delete(run.Artifacts, recursive: new DirectoryInfo(run.Artifacts).LinkTarget is null);
            if (!Directory.EnumerateFileSystemEntries(run.Path).Any())
                Directory.Delete(run.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.FilesLeft(run.Path, e.Message);
        }
    }
}
