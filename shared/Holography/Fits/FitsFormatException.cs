namespace Holoflow.Holography.Fits;

/// <summary>A FITS file that cannot be read or a header that cannot be written; the message names the file and the offset, or the card.</summary>
public sealed class FitsFormatException : Exception
{
    public FitsFormatException()
    {
    }

    public FitsFormatException(string message)
        : base(message)
    {
    }

    public FitsFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
