namespace Holoflow.Sdk;

/// <summary>What a flow process tells by its exit code, where it wrote no end into the journal.</summary>
static class ExitCodes
{
    public const int Completed = 0;
    public const int Failed = 1;
    public const int WrongInput = 2;
    public const int Interrupted = 130;
    public const int Cancelled = 143;
}
